package io.threescale.spring.client.predict;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Interner;
import com.github.benmanes.caffeine.cache.Ticker;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.Usage;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of the applications that called lately. Denied credentials are remembered
 * apart from them, so that a flood of random keys pushes out no account.
 */
final class Accounts {

	private static final int MAX_DENIALS = 10_000;

	/** 3scale takes no report that is older ({@code protocol.md} 2.7). */
	private static final Duration UNREPORTED = Duration.ofDays(1);

	private final PredictionSettings settings;

	private final RandomGenerator random;

	private final Cache<KeyedHash, Account> accounts;

	private final Cache<Caller, Denied> denials;

	private final Interner<PlanLimits> plans = Interner.newWeakInterner();

	private final Set<String> metrics = ConcurrentHashMap.newKeySet();

	Accounts(PredictionSettings settings, Ticker ticker, RandomGenerator random) {
		this.settings = settings;
		this.random = random;
		this.accounts = Caffeine.newBuilder()
			.ticker(ticker)
			.maximumSize(settings.maxApplications())
			.expireAfterAccess(keptFor(settings))
			.executor(Runnable::run)
			.recordStats()
			.build();
		this.denials = Caffeine.newBuilder()
			.ticker(ticker)
			.maximumSize(MAX_DENIALS)
			.expireAfterWrite(settings.denialTimeToLive())
			.executor(Runnable::run)
			.build();
	}

	/**
	 * An account is kept, with what was used and 3scale does not show, until that is
	 * reported or given up for sure.
	 */
	private static Duration keptFor(PredictionSettings settings) {
		Duration goodFor = settings.timeToLive().plus(settings.lastKnownFor());
		return (goodFor.compareTo(UNREPORTED) > 0) ? goodFor : UNREPORTED;
	}

	@Nullable Account find(KeyedHash application) {
		return this.accounts.getIfPresent(application);
	}

	/**
	 * Find what a caller may do, if 3scale has let it in lately.
	 */
	@Nullable Permission permission(Caller caller) {
		Account account = find(caller.application());
		return (account != null) ? account.permissions().find(caller.means()) : null;
	}

	@Nullable Denied denial(Caller caller) {
		return this.denials.getIfPresent(caller);
	}

	/**
	 * Tell whether 3scale is known to have all metrics of a usage. It voids reports of
	 * those it has not, without a word.
	 */
	boolean know(Usage usage) {
		return this.metrics.containsAll(usage.increments().keySet());
	}

	/**
	 * Return the metrics of a usage that 3scale is not known to have.
	 */
	Set<String> unknownMetrics(Usage usage) {
		return usage.increments()
			.keySet()
			.stream()
			.filter((metric) -> !this.metrics.contains(metric))
			.collect(Collectors.toUnmodifiableSet());
	}

	/**
	 * Learn from an answer of 3scale's. One that names no plan could not be read, and
	 * tells nothing: no limits in it does not mean that there are none.
	 * @param caller who was asked about
	 * @param usage what was asked about
	 * @param answer the answer
	 * @param askedAt when it was asked
	 * @param now the time
	 */
	void learn(Caller caller, Usage usage, Authorization answer, Instant askedAt, Instant now) {
		if (answer instanceof Denied denied && !isOfLimits(denied)) {
			revoke(caller);
			this.denials.put(caller, denied);
		}
		else if (answer.plan() != null) {
			this.metrics.addAll(usage.increments().keySet());
			Account account = account(caller.application(), answer.status());
			account.show(answer.status(), askedAt, now);
			keep(account.permissions().open(caller.means(), account), now);
		}
	}

	/** Others may know a key that is right. */
	private void revoke(Caller caller) {
		Account account = find(caller.application());
		if (account != null) {
			account.permissions().revoke(caller.means());
		}
	}

	private static boolean isOfLimits(Denied denied) {
		return denied.code().equals(ErrorCode.LIMITS_EXCEEDED);
	}

	/**
	 * Find the account of an application, or open one: the first, or the first of another
	 * plan.
	 */
	Account account(KeyedHash application, ApplicationStatus status) {
		PlanLimits plan = this.plans.intern(new PlanLimits(status));
		return this.accounts.asMap()
			.compute(application,
					(key, known) -> (known != null && known.isOf(plan)) ? known : new Account(plan, this.settings));
	}

	/**
	 * Have an answer renewed well before it is too old; not all at once.
	 */
	private void keep(Permission permission, Instant now) {
		Duration timeToLive = this.settings.timeToLive();
		long renewAfter = (long) (timeToLive.toMillis() * (0.6 + 0.2 * this.random.nextDouble()));
		permission.keep(now.plusMillis(renewAfter), now.plus(timeToLive));
	}

	void clear() {
		this.accounts.invalidateAll();
		this.denials.invalidateAll();
	}

	long size() {
		return this.accounts.estimatedSize();
	}

	double hitRate() {
		return this.accounts.stats().hitRate();
	}

}

package io.threescale.spring.client.predict;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

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

	private final PredictionSettings settings;

	private final RandomGenerator random;

	private final Cache<AccountKey, Account> accounts;

	private final Cache<AccountKey, Denied> denials;

	private final Interner<PlanLimits> plans = Interner.newWeakInterner();

	private final Set<String> metrics = ConcurrentHashMap.newKeySet();

	Accounts(PredictionSettings settings, Ticker ticker, RandomGenerator random) {
		this.settings = settings;
		this.random = random;
		this.accounts = Caffeine.newBuilder()
			.ticker(ticker)
			.maximumSize(settings.maxApplications())
			.expireAfterAccess(settings.timeToLive().plus(settings.lastKnownFor()))
			.recordStats()
			.build();
		this.denials = Caffeine.newBuilder()
			.ticker(ticker)
			.maximumSize(MAX_DENIALS)
			.expireAfterWrite(settings.denialTimeToLive())
			.build();
	}

	@Nullable Account find(AccountKey key) {
		return this.accounts.getIfPresent(key);
	}

	@Nullable Denied denial(AccountKey key) {
		return this.denials.getIfPresent(key);
	}

	/**
	 * Tell whether 3scale is known to have all metrics of a usage. It voids reports of
	 * those it has not, without a word.
	 */
	boolean know(Usage usage) {
		return this.metrics.containsAll(usage.increments().keySet());
	}

	/**
	 * Learn from an answer of 3scale's.
	 * @param key who was asked about
	 * @param usage what was asked about
	 * @param answer the answer
	 * @param askedAt when it was asked
	 * @param now the time
	 */
	void learn(AccountKey key, Usage usage, Authorization answer, Instant askedAt, Instant now) {
		if (answer instanceof Denied denied && !isOfLimits(denied)) {
			this.accounts.invalidate(key);
			this.denials.put(key, denied);
			return;
		}
		this.metrics.addAll(usage.increments().keySet());
		if (answer.isGranted() || !answer.usageReports().isEmpty()) {
			Account account = account(key, answer.status());
			account.show(answer.status(), askedAt, now);
			keep(account, now);
		}
	}

	static boolean isOfLimits(Denied denied) {
		return denied.code().equals(ErrorCode.LIMITS_EXCEEDED);
	}

	/**
	 * Find the account of an application, or open one: the first, or the first of another
	 * plan.
	 */
	Account account(AccountKey key, ApplicationStatus status) {
		PlanLimits plan = this.plans.intern(new PlanLimits(status));
		Account known = this.accounts.getIfPresent(key);
		if (known != null && known.isOf(plan)) {
			return known;
		}
		Account opened = new Account(plan, this.settings);
		this.accounts.put(key, opened);
		return opened;
	}

	/**
	 * Keep an answer for the time it is good for, to be renewed well before that is over;
	 * not all at once.
	 */
	private void keep(Account account, Instant now) {
		Duration timeToLive = this.settings.timeToLive();
		long renewAfter = (long) (timeToLive.toMillis() * (0.6 + 0.2 * this.random.nextDouble()));
		account.keep(now.plusMillis(renewAfter), now.plus(timeToLive));
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

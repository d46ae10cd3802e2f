package io.threescale.spring.client.predictive;

import java.time.Duration;
import java.util.random.RandomGenerator;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Interner;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.client.KeyedHash;
import io.threescale.spring.client.SteadyTime;
import io.threescale.spring.client.predictive.Call.Caller;
import io.threescale.spring.client.predictive.Permissions.Permission;
import org.jspecify.annotations.Nullable;

/**
 * What 3scale showed of the applications that called lately. Denied credentials are
 * remembered apart from them, so that a flood of random keys pushes out no application.
 */
final class KnownLimits {

	private static final int MAX_DENIALS = 10_000;

	/** 3scale takes up to a minute itself to let a new key in. */
	private static final Duration DENIAL_KNOWN_FOR = Duration.ofSeconds(10);

	/** How long the metric tree, once learnt, is taken to be what it was. */
	private static final Duration TREE_KNOWN_FOR = Duration.ofMinutes(10);

	private final PredictionSettings settings;

	private final Headroom headroom;

	private final SteadyTime time;

	private final RandomGenerator random;

	private final Cache<KeyedHash, ApplicationLimits> applications;

	private final Cache<Caller, Denied> denials;

	private final MetricTree tree;

	private final Interner<Plan> plans = Interner.newWeakInterner();

	KnownLimits(PredictionSettings settings, Headroom headroom, SteadyTime time, RandomGenerator random) {
		this.settings = settings;
		this.headroom = headroom;
		this.time = time;
		this.random = random;
		this.applications = Caffeine.newBuilder()
			.ticker(time::read)
			.maximumSize(settings.maxApplications())
			.expireAfterWrite(settings.timeToLive().plus(settings.lastKnownFor()))
			.<KeyedHash, ApplicationLimits>removalListener((application, limits, cause) -> discard(limits))
			.executor(Runnable::run)
			.recordStats()
			.build();
		this.denials = Caffeine.newBuilder()
			.ticker(time::read)
			.maximumSize(MAX_DENIALS)
			.expireAfterWrite(DENIAL_KNOWN_FOR)
			.executor(Runnable::run)
			.build();
		this.tree = new MetricTree(TREE_KNOWN_FOR, time);
	}

	private static void discard(@Nullable ApplicationLimits limits) {
		if (limits != null) {
			limits.discard();
		}
	}

	@Nullable ApplicationLimits find(KeyedHash application) {
		return this.applications.getIfPresent(application);
	}

	/**
	 * Find the limits of a caller's application, if 3scale has let it in lately.
	 * @param beyondTheEnd how much longer than usual that is good for
	 */
	@Nullable ApplicationLimits findPermitted(Caller caller, Duration beyondTheEnd) {
		ApplicationLimits limits = find(caller.application());
		Permission permission = (limits != null) ? limits.permissions().find(caller.proof()) : null;
		return (permission != null && permission.isGood(this.time.read(), beyondTheEnd)) ? limits : null;
	}

	@Nullable Denied denial(Caller caller) {
		return this.denials.getIfPresent(caller);
	}

	/**
	 * Find the limits of an application as an answer shows them: those that are known, or
	 * new ones if it has another plan.
	 */
	ApplicationLimits limits(KeyedHash application, ApplicationStatus status) {
		Plan plan = this.plans.intern(new Plan(status, this.tree));
		ApplicationLimits known = find(application);
		return (known != null && known.isOf(plan)) ? known : new ApplicationLimits(plan, this.settings, this.headroom);
	}

	/**
	 * Remember that 3scale has let a caller in, and how the limits of its application
	 * stand. It is asked again before that is too old; not about all at once.
	 */
	void remember(Caller caller, ApplicationLimits limits) {
		long now = this.time.read();
		long timeToLive = this.settings.timeToLive().toNanos();
		long renewAfter = (long) (timeToLive * (0.5 + 0.2 * this.random.nextDouble()));
		limits.permissions().grant(caller.proof()).keep(now + renewAfter, now + timeToLive);
		this.applications.put(caller.application(), limits);
	}

	/**
	 * Remember that 3scale has not let a caller in. Others of the application may show a
	 * key that is right.
	 */
	void remember(Caller caller, Denied denied) {
		ApplicationLimits limits = find(caller.application());
		if (limits != null) {
			limits.permissions().revoke(caller.proof());
		}
		this.denials.put(caller, denied);
	}

	/**
	 * Tell whether 3scale has let a caller in when it was asked last, and nobody has told
	 * otherwise since.
	 */
	boolean isLetIn(Caller caller) {
		ApplicationLimits limits = find(caller.application());
		Permission permission = (limits != null) ? limits.permissions().find(caller.proof()) : null;
		return permission != null && !permission.isDoubtful();
	}

	/**
	 * Have 3scale asked again about all callers of an application. If it cannot be asked,
	 * what it said last still counts as that.
	 */
	void doubt(KeyedHash application) {
		ApplicationLimits limits = find(application);
		if (limits != null) {
			limits.permissions().doubt(this.time.read());
		}
	}

	void forget(KeyedHash application) {
		this.applications.invalidate(application);
		this.denials.asMap().keySet().removeIf((caller) -> caller.application().equals(application));
	}

	MetricTree tree() {
		return this.tree;
	}

	void clear() {
		this.applications.invalidateAll();
		this.denials.invalidateAll();
		this.tree.clear();
	}

	long size() {
		return this.applications.estimatedSize();
	}

	double hitRate() {
		return this.applications.stats().hitRate();
	}

}

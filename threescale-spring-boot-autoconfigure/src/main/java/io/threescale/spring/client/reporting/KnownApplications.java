package io.threescale.spring.client.reporting;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.AuthorizationRequest;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a while which applications and metrics 3scale has. Only their usage can
 * share a request: an unknown application or metric voids all others of the same report,
 * and nobody is told ({@code protocol.md} 6.3).
 */
@ApiStatus.Internal
public final class KnownApplications {

	private static final int MAX_METRICS = 10_000;

	private static final Set<ErrorCode> UNKNOWN = Set.of(ErrorCode.USER_KEY_INVALID, ErrorCode.APPLICATION_NOT_FOUND);

	/** The time by the steady time at which 3scale knew an application. */
	private final Cache<KeyedHash, Long> applications;

	private final Cache<String, Boolean> metrics;

	private final Duration knownFor;

	private final CredentialsHasher hasher;

	private final SteadyTime time;

	KnownApplications(BatchingSettings settings, CredentialsHasher hasher, SteadyTime time) {
		this.applications = cache(settings.maxApplications(), settings.knownFor(), time);
		this.metrics = cache(MAX_METRICS, settings.knownFor(), time);
		this.knownFor = settings.knownFor();
		this.hasher = hasher;
		this.time = time;
	}

	private static <K, V> Cache<K, V> cache(long maxSize, Duration knownFor, SteadyTime time) {
		return Caffeine.newBuilder()
			.maximumSize(maxSize)
			.expireAfterWrite(knownFor)
			.executor(Runnable::run)
			.ticker(time::read)
			.build();
	}

	/**
	 * Learn from what 3scale has answered. It looks at limits only when everything else
	 * is right.
	 */
	void learn(AuthorizationRequest request, Authorization answer) {
		if (answer instanceof Denied denied && !denied.code().equals(ErrorCode.LIMITS_EXCEEDED)) {
			if (UNKNOWN.contains(denied.code())) {
				this.applications.invalidate(this.hasher.application(request.application()));
			}
			return;
		}
		this.applications.put(this.hasher.application(request.application()), this.time.read());
		learnMetrics(request.usage().increments().keySet());
		learnMetrics(answer.usageReports().stream().map(UsageReport::metric).toList());
	}

	private void learnMetrics(Collection<String> metrics) {
		metrics.forEach((metric) -> this.metrics.put(metric, true));
	}

	/**
	 * Learn from a failure: of several metrics, any may be the one that 3scale has not.
	 */
	void learn(AuthorizationRequest request, ThreeScaleException failure) {
		if (failure instanceof ThreeScaleMisconfiguredException misconfigured
				&& ErrorCode.METRIC_INVALID.equals(misconfigured.code())) {
			this.metrics.invalidateAll(request.usage().increments().keySet());
		}
	}

	/**
	 * Take over that an earlier process knew an application.
	 * @param application the hash of its identity
	 * @param age how long ago 3scale knew it
	 */
	void learn(KeyedHash application, Duration age) {
		if (!age.isNegative() && age.compareTo(this.knownFor) < 0) {
			this.applications.put(application, this.time.read() - age.toNanos());
		}
	}

	/**
	 * Tell how long ago 3scale knew an application.
	 * @return the age, or {@code null} if it is too long ago
	 */
	@Nullable Duration ageOf(KeyedHash application) {
		Long knownAt = this.applications.getIfPresent(application);
		Duration age = (knownAt != null) ? Duration.ofNanos(this.time.read() - knownAt) : this.knownFor;
		return (age.compareTo(this.knownFor) < 0) ? age : null;
	}

	boolean knowsApplication(KeyedHash application) {
		return ageOf(application) != null;
	}

	/**
	 * Tell whether 3scale had a metric lately.
	 * @param metric the system name of the metric
	 * @return whether it is known
	 */
	public boolean knowsMetric(String metric) {
		return this.metrics.getIfPresent(metric) != null;
	}

	/**
	 * Return which metrics 3scale is not known to have.
	 * @param metrics the system names of metrics
	 * @return those that are not known
	 */
	public Set<String> unknown(Collection<String> metrics) {
		return metrics.stream().filter((metric) -> !knowsMetric(metric)).collect(Collectors.toUnmodifiableSet());
	}

	/**
	 * Forget everything, so that 3scale is asked again.
	 */
	public void clear() {
		this.applications.invalidateAll();
		this.metrics.invalidateAll();
	}

}

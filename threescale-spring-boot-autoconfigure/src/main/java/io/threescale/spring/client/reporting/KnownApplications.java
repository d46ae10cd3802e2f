package io.threescale.spring.client.reporting;

import java.time.Duration;
import java.util.Set;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.CredentialsHasher;
import io.threescale.spring.client.KeyedHash;
import io.threescale.spring.client.SteadyTime;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a while which applications and metrics 3scale has. Only their usage can
 * share a request: an unknown application or metric voids all others of the same report,
 * and nobody is told ({@code protocol.md} 6.3).
 */
@ApiStatus.Internal
public final class KnownApplications {

	private static final Set<ErrorCode> UNKNOWN = Set.of(ErrorCode.USER_KEY_INVALID, ErrorCode.APPLICATION_NOT_FOUND);

	/** The time by the steady time at which 3scale knew an application. */
	private final Cache<KeyedHash, Long> applications;

	private final KnownMetrics metrics;

	private final Duration knownFor;

	private final CredentialsHasher hasher;

	private final SteadyTime time;

	KnownApplications(BatchingSettings settings, CredentialsHasher hasher, SteadyTime time) {
		this.applications = cache(settings.maxApplications(), settings.knownFor(), time);
		this.metrics = new KnownMetrics(settings.knownFor(), time);
		this.knownFor = settings.knownFor();
		this.hasher = hasher;
		this.time = time;
	}

	static <K, V> Cache<K, V> cache(long maxSize, Duration knownFor, SteadyTime time) {
		return Caffeine.newBuilder()
			.maximumSize(maxSize)
			.expireAfterWrite(knownFor)
			.executor(Runnable::run)
			.ticker(time::read)
			.build();
	}

	/**
	 * Return what is known of metrics.
	 * @return the metrics
	 */
	public KnownMetrics metrics() {
		return this.metrics;
	}

	/**
	 * Learn from what 3scale has answered. It looks at keys, limits and all else only
	 * when it has the application.
	 */
	void learn(AuthorizationRequest request, Authorization answer) {
		if (isUnknown(answer)) {
			this.applications.invalidate(this.hasher.application(request.application()));
		}
		else {
			this.applications.put(this.hasher.application(request.application()), this.time.read());
			this.metrics.learn(request, answer);
		}
	}

	/**
	 * Tell whether 3scale has said that it does not have an application.
	 */
	static boolean isUnknown(Authorization answer) {
		return answer instanceof Denied denied && UNKNOWN.contains(denied.code());
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
	 * Forget everything, so that 3scale is asked again.
	 */
	public void clear() {
		this.applications.invalidateAll();
		this.metrics.clear();
	}

}

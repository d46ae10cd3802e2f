package io.threescale.spring.client.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationCredentials.UserKey;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.AuthorizationRequest;

/**
 * Remembers which applications and metrics 3scale knew lately. Only their reports can
 * share a request: one that is unknown voids all others of the same request, and nobody
 * is told. Applications are remembered by a digest.
 */
final class KnownApplications {

	private static final int MAX_SIZE = 100_000;

	private static final Set<ErrorCode> UNKNOWN = Set.of(ErrorCode.USER_KEY_INVALID, ErrorCode.APPLICATION_NOT_FOUND);

	private final Cache<UUID, Boolean> applications;

	private final Cache<String, Boolean> metrics;

	private final byte[] salt = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);

	KnownApplications(Duration knownFor, Clock clock) {
		this.applications = cache(knownFor, clock);
		this.metrics = cache(knownFor, clock);
	}

	private static <K> Cache<K, Boolean> cache(Duration knownFor, Clock clock) {
		return Caffeine.newBuilder()
			.maximumSize(MAX_SIZE)
			.expireAfterWrite(knownFor)
			.executor(Runnable::run)
			.ticker(() -> Duration.ofMillis(clock.millis()).toNanos())
			.build();
	}

	/**
	 * Learn from what 3scale has answered. A limit that is exceeded is looked at only
	 * when everything else is right.
	 */
	void learn(AuthorizationRequest request, Authorization answer) {
		if (answer instanceof Denied denied && !denied.code().equals(ErrorCode.LIMITS_EXCEEDED)) {
			if (UNKNOWN.contains(denied.code())) {
				this.applications.invalidate(digest(request.application()));
			}
			return;
		}
		this.applications.put(digest(request.application()), true);
		request.usage().increments().keySet().forEach((metric) -> this.metrics.put(metric, true));
		answer.usageReports().stream().map(UsageReport::metric).forEach((metric) -> this.metrics.put(metric, true));
	}

	boolean knowsApplication(ApplicationCredentials application) {
		return this.applications.getIfPresent(digest(application)) != null;
	}

	boolean knowsMetric(String metric) {
		return this.metrics.getIfPresent(metric) != null;
	}

	private UUID digest(ApplicationCredentials application) {
		MessageDigest digest = sha256();
		digest.update(this.salt);
		digest.update((byte) ((application instanceof UserKey) ? 0 : 1));
		digest.update(Identity.value(application).getBytes(StandardCharsets.UTF_8));
		ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
		return new UUID(bytes.getLong(), bytes.getLong());
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

}

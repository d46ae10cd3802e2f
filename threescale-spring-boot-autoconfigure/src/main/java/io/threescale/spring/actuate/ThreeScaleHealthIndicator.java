package io.threescale.spring.actuate;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import io.threescale.spring.actuate.BackendHistory.Outage;
import io.threescale.spring.client.circuitbreaker.BackendGuard;
import io.threescale.spring.client.reporting.BatchingStatistics;
import io.threescale.spring.metering.Enforcement;
import io.threescale.spring.metering.FailurePolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Tells whether 3scale serves us, by what came of the latest calls: it is not asked. It
 * is down for a service if the last three calls failed, whether nobody answered or 3scale
 * refused to serve us, and the {@link FailurePolicy} refuses calls because of that. An
 * outage in which calls go on is up, with a detail; in shadow mode they always do.
 *
 * @since 0.1.0
 */
public final class ThreeScaleHealthIndicator implements HealthIndicator {

	private final Map<String, MeteredBackend> backends;

	private final BackendGuard guard;

	private final MeteringPolicies policies;

	private final Clock clock;

	/**
	 * Create an indicator.
	 * @param backends the backends of all services, by the names of those
	 * @param guard knows the circuit
	 * @param policies how calls are metered
	 * @param clock tells how long an outage has lasted
	 */
	public ThreeScaleHealthIndicator(Map<String, MeteredBackend> backends, BackendGuard guard,
			MeteringPolicies policies, Clock clock) {
		this.backends = backends;
		this.guard = guard;
		this.policies = policies;
		this.clock = clock;
	}

	@Override
	public Health health() {
		Map<String, Object> services = new LinkedHashMap<>();
		boolean down = false;
		for (Map.Entry<String, MeteredBackend> backend : this.backends.entrySet()) {
			services.put(backend.getKey(), details(backend.getValue()));
			down |= isDown(backend.getValue().history());
		}
		return Health.status(down ? Status.DOWN : Status.UP)
			.withDetail("mode", this.policies.mode())
			.withDetail("failurePolicy", Words.of(this.policies.failurePolicy()))
			.withDetail("circuit", Words.of(this.guard.state()))
			.withDetail("services", services)
			.build();
	}

	private boolean isDown(BackendHistory history) {
		Outage outage = history.outage();
		return outage != null && !isBridged(history, outage);
	}

	private boolean isBridged(BackendHistory history, Outage outage) {
		return this.policies.enforcement() == Enforcement.SHADOW || switch (this.policies.failurePolicy()) {
			case DENY -> false;
			case ALLOW -> !outage.lastFailure().refused();
			case LAST_KNOWN -> !outage.lastFailure().refused() && history.lastAnswer() != null
					&& this.clock.instant().isBefore(outage.since().plus(this.policies.lastKnownFor()));
		};
	}

	private Map<String, Object> details(MeteredBackend backend) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("serviceId", backend.serviceId());
		Instant lastAnswer = backend.history().lastAnswer();
		details.put("lastGoodAnswer", (lastAnswer != null) ? lastAnswer : "none yet");
		Outage outage = backend.history().outage();
		if (outage != null) {
			details.put("outage", details(backend.history(), outage));
		}
		BatchingStatistics reporting = backend.reporting().statistics();
		details.put("pendingUnits", reporting.pendingUnits());
		details.put("pendingFor", reporting.oldestPendingAge());
		details.put("spool",
				backend.reporting().isDurable() ? Map.of("failedWrites", reporting.spoolFailures()) : "none");
		return details;
	}

	private String bridge() {
		return (this.policies.enforcement() == Enforcement.SHADOW) ? "enforcement shadow"
				: "failure policy " + Words.of(this.policies.failurePolicy());
	}

	private Map<String, Object> details(BackendHistory history, Outage outage) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("since", outage.since());
		details.put("lastFailure", String.valueOf(outage.lastFailure().message()));
		details.put("calls", isBridged(history, outage) ? "go on, by " + bridge() : "are refused");
		return details;
	}

}

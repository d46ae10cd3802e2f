package io.threescale.spring.actuate;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationCredentials.Kind;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.predictive.PredictingThreeScaleClient;
import io.threescale.spring.metering.ApplicationNames;
import org.jspecify.annotations.Nullable;

/**
 * An application that an operator looks at, in one service.
 *
 * @param backend how the service is asked
 * @param credentials what 3scale knows the application by
 * @param known what 3scale told of it lately, or {@code null} if it was not asked
 */
record OperatedApplication(MeteredBackend backend, ApplicationCredentials credentials,
		@Nullable KnownApplication known) {

	/**
	 * Find an application by its name. One that is known by its id need not have called.
	 * @return the application, or {@code null} if the name is that of a user key that has
	 * not called lately
	 */
	static @Nullable OperatedApplication find(MeteredBackend backend, String name, ApplicationNames names) {
		for (KnownApplication known : backend.history().applications()) {
			if (names.of(known.credentials()).equals(name)) {
				return new OperatedApplication(backend, known.credentials(), known);
			}
		}
		if (name.startsWith("user-key:")) {
			return null;
		}
		return Stream.of(Kind.APP_ID, Kind.OAUTH_CLIENT)
			.map((kind) -> new OperatedApplication(backend, kind.identity(name), null))
			.filter(OperatedApplication::isKnown)
			.findFirst()
			.orElseGet(() -> new OperatedApplication(backend, Kind.APP_ID.identity(name), null));
	}

	/**
	 * Tell whether anything is known of it here.
	 */
	boolean isKnown() {
		return this.known != null || predicted() != null || !pending().isEmpty() || !unconfirmed().isEmpty();
	}

	ApplicationReport report(Clock clock, boolean reconcile) {
		ApplicationStatus predicted = predicted();
		ApplicationStatus status = (predicted != null) ? predicted
				: (this.known != null) ? this.known.status() : ApplicationStatus.UNKNOWN;
		Instant asOf = (predicted != null) ? clock.instant() : (this.known != null) ? this.known.at() : null;
		ApplicationReport report = ApplicationReport.of(status, asOf, pending(), unconfirmed());
		return reconcile ? reconciled(report, status) : report;
	}

	private ApplicationReport reconciled(ApplicationReport report, ApplicationStatus status) {
		AuthorizationRequest question = AuthorizationRequest.of(this.credentials, Usage.NONE)
			.withReferrer((this.known != null) ? this.known.referrer() : null);
		try {
			return this.backend.client()
				.authorize(question)
				.map((answer) -> report.with(status, answer))
				.blockOptional()
				.orElse(report);
		}
		catch (ThreeScaleException ex) {
			return report.with(ex);
		}
	}

	/**
	 * Have 3scale asked again before the next decision. What was used stays.
	 */
	void forget() {
		this.backend.history().forget(this.credentials);
		PredictingThreeScaleClient predicting = this.backend.predicting();
		if (predicting != null) {
			predicting.forget(this.credentials);
		}
	}

	private @Nullable ApplicationStatus predicted() {
		PredictingThreeScaleClient predicting = this.backend.predicting();
		return (predicting != null) ? predicting.status(this.credentials) : null;
	}

	private Map<String, Long> pending() {
		return this.backend.reporting().pending(this.credentials).increments();
	}

	private Map<String, Long> unconfirmed() {
		return this.backend.reporting().unconfirmed(this.credentials).increments();
	}

}

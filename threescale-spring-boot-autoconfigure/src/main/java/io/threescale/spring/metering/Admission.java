package io.threescale.spring.metering;

import java.time.Clock;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.metering.problem.CallDeniedException;
import io.threescale.spring.metering.problem.MeteringException;
import org.jspecify.annotations.Nullable;

/**
 * What 3scale is asked to admit.
 *
 * @param operation what is called
 * @param service the service it belongs to
 * @param caller who calls
 * @param referrer where the call comes from, as 3scale is told, or {@code null}
 * @param charged whether what the operation uses is charged with the decision
 */
record Admission(MeteredOperation operation, MeteredService service, ApplicationCredentials caller,
		@Nullable String referrer, boolean charged) {

	/**
	 * How what a call uses is charged.
	 */
	enum Billing {

		/** What the operation uses is charged already, and only what is added yet. */
		CHARGED,

		/** All is charged when the call is done. */
		DUE,

		/** Nothing is charged. */
		FREE

	}

	/**
	 * Make a call of an answer of 3scale.
	 * @param enforcement what becomes of it if it is denied
	 */
	MeteredCall answered(Authorization answer, Enforcement enforcement, Clock clock) {
		if (!(answer instanceof Denied denied)) {
			return decided(MeteringOutcome.GRANTED, answer, null, null);
		}
		CallDeniedException refusal = new CallDeniedException(denied, this.operation.usage(), clock.instant());
		MeteringOutcome outcome = switch (enforcement) {
			case ENFORCE -> MeteringOutcome.DENIED;
			case SOFT_LIMIT -> refusal.isOverLimit() ? MeteringOutcome.OVER_LIMIT : MeteringOutcome.DENIED;
			case SHADOW -> MeteringOutcome.WOULD_DENY;
		};
		return decided(outcome, denied, null, (outcome != MeteringOutcome.OVER_LIMIT) ? refusal : null);
	}

	/**
	 * Make a call without an answer of 3scale.
	 * @param refusal what the call is answered, or {@code null} if it passes
	 */
	MeteredCall unanswered(MeteringOutcome outcome, Throwable failure, @Nullable MeteringException refusal) {
		return decided(outcome, null, failure, refusal);
	}

	private MeteredCall decided(MeteringOutcome outcome, @Nullable Authorization answer, @Nullable Throwable failure,
			@Nullable MeteringException refusal) {
		return new MeteredCall(this,
				new MeteringDecision(this.operation, this.service.id(), this.caller, outcome, answer, failure),
				refusal);
	}

	Billing billing(MeteringOutcome outcome) {
		return switch (outcome) {
			case GRANTED, DEFERRED, UNCOUNTED -> this.charged ? Billing.CHARGED : Billing.DUE;
			case OVER_LIMIT -> Billing.DUE;
			case DENIED, WOULD_DENY, UNAUTHENTICATED, UNAVAILABLE, MISCONFIGURED -> Billing.FREE;
		};
	}

}

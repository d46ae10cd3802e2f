package io.threescale.spring.metering;

import java.util.Locale;

import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Usage;
import io.threescale.spring.metering.problem.MeteringException;
import io.threescale.spring.metering.problem.MeteringUnavailableException;
import reactor.core.publisher.Mono;

/**
 * Decides about calls that 3scale could not be asked about, by the {@link FailurePolicy}.
 */
final class UndecidedCalls {

	private final MeteringSettings settings;

	private final MeteringListener listener;

	private final MeteringLog log;

	private final Settlements settlements;

	UndecidedCalls(MeteringSettings settings, MeteringListener listener, MeteringLog log, Settlements settlements) {
		this.settings = settings;
		this.listener = listener;
		this.log = log;
		this.settlements = settlements;
	}

	/**
	 * Decide about a call, and charge it if it goes on and would have been charged with
	 * the decision.
	 * @param failure why 3scale could not be asked
	 * @param shadow whether the call goes on in any case
	 */
	Mono<MeteredCall> decide(Admission admission, ThreeScaleException failure, boolean shadow) {
		MeteringException refusal = new MeteringUnavailableException(failure);
		if (failure instanceof ThreeScaleMisconfiguredException) {
			this.log.misconfigured(shadow ? "pass unbilled" : "fail", failure);
			if (shadow) {
				this.listener.used(admission.service().id(), admission.operation().usage(), false);
			}
			return Mono.just(admission.unanswered(MeteringOutcome.MISCONFIGURED, failure, refusal));
		}
		boolean allowed = switch (this.settings.failurePolicy()) {
			case ALLOW -> true;
			// The client has no last answer, or would have decided by that
			case DENY, LAST_KNOWN -> false;
		};
		if (!allowed && !shadow) {
			this.log.unavailable("are refused", failure);
			return Mono.just(admission.unanswered(MeteringOutcome.UNAVAILABLE, failure, refusal));
		}
		return charge(admission, failure).map((outcome) -> {
			this.log.unavailable("pass undecided, and are " + outcome.name().toLowerCase(Locale.ROOT), failure);
			return admission.unanswered(outcome, failure, allowed ? null : refusal);
		});
	}

	/**
	 * What may have been counted already is not reported again.
	 */
	private Mono<MeteringOutcome> charge(Admission admission, ThreeScaleException failure) {
		if (!admission.charged()) {
			return Mono.just(MeteringOutcome.DEFERRED);
		}
		Usage usage = admission.operation().usage();
		boolean ambiguous = failure instanceof ThreeScaleUnavailableException unavailable && unavailable.isAmbiguous();
		if (!this.settings.reportsUndecided() || ambiguous) {
			this.listener.used(admission.service().id(), usage, false);
			return Mono.just(MeteringOutcome.UNCOUNTED);
		}
		return this.settlements.report(admission, usage, null)
			.map((counted) -> counted ? MeteringOutcome.DEFERRED : MeteringOutcome.UNCOUNTED);
	}

}

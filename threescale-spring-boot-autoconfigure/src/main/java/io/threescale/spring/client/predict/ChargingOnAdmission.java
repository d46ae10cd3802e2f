package io.threescale.spring.client.predict;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

import io.threescale.spring.Authorization;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import reactor.core.publisher.Mono;

/**
 * Counts calls with their decision: what is admitted here goes on the account at once,
 * and is reported.
 */
record ChargingOnAdmission(ReactiveThreeScaleClient client, UsageIntake intake, Questions questions, Clock clock,
		PredictionStatistics statistics) implements Charging {

	@Override
	public Verdict decide(Account account, Usage usage, Instant now) {
		return account.admit(usage, now);
	}

	@Override
	public Verdict decideByLastKnown(Account account, Usage usage, Instant now) {
		return account.admitByLastKnown(usage, now);
	}

	@Override
	public Mono<Authorization> admit(Account account, AuthorizationRequest request, Instant now) {
		Authorization granted = account.granted(request, now);
		Transaction left = this.intake
			.take(new Transaction(request.application(), request.usage(), now, request.responseCode()));
		if (left == null) {
			account.arrived();
			return Mono.just(granted);
		}
		return this.client.report(ReportRequest.of(List.of(left)))
			.thenReturn(granted)
			.doFinally((signal) -> account.arrived());
	}

	@Override
	public Mono<Authorization> byBackend(Caller caller, Account account, AuthorizationRequest request) {
		Instant now = this.clock.instant();
		UnshownUsage reserved = account.reserve(request.usage(), now);
		if (reserved == null) {
			this.statistics.countLocal();
			return Mono.just(account.denied(request.usage(), now));
		}
		this.statistics.countBackend();
		return this.questions.count(caller, account, reserved, request);
	}

	@Override
	public Mono<Authorization> unknown(AuthorizationRequest request, Authorization answer) {
		return this.client.authRep(request);
	}

}

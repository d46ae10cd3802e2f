package io.threescale.spring.client.predict;

import java.time.Instant;

import io.threescale.spring.Authorization;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import reactor.core.publisher.Mono;

/**
 * Counts calls when they are done. Until then their usage is on no account.
 */
record ChargingOnCompletion(Questions questions, PredictionStatistics statistics) implements Charging {

	@Override
	public Verdict decide(Account account, Usage usage, Instant now) {
		return account.verdict(usage, now);
	}

	@Override
	public Verdict decideByLastKnown(Account account, Usage usage, Instant now) {
		return account.verdictByLastKnown(usage, now);
	}

	@Override
	public Mono<Authorization> admit(Account account, AuthorizationRequest request, Instant now) {
		return Mono.just(account.granted(request, now));
	}

	@Override
	public Mono<Authorization> byBackend(Caller caller, Account account, AuthorizationRequest request) {
		this.statistics.countBackend();
		return this.questions.decide(account, request);
	}

	@Override
	public Mono<Authorization> unknown(AuthorizationRequest request, Authorization answer) {
		return Mono.just(answer);
	}

}

package io.threescale.spring.client.predict;

import java.time.Instant;

import io.threescale.spring.Authorization;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import reactor.core.publisher.Mono;

/**
 * When the usage of a call is counted, and so what its decision does to the account.
 */
sealed interface Charging permits ChargingOnAdmission, ChargingOnCompletion {

	/**
	 * Decide by an answer that is good.
	 */
	Verdict decide(Account account, Usage usage, Instant now);

	/**
	 * Decide up to the limits, while 3scale cannot be asked.
	 */
	Verdict decideByLastKnown(Account account, Usage usage, Instant now);

	/**
	 * Let a call pass that was admitted here.
	 */
	Mono<Authorization> admit(Account account, AuthorizationRequest request, Instant now);

	/**
	 * Have 3scale decide what cannot be decided here.
	 */
	Mono<Authorization> byBackend(Caller caller, Account account, AuthorizationRequest request);

	/**
	 * Have 3scale decide about a caller of whom nothing is known, although it was asked.
	 * @param answer what it has answered
	 */
	Mono<Authorization> unknown(AuthorizationRequest request, Authorization answer);

}

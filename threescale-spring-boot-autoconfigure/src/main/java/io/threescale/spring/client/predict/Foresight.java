package io.threescale.spring.client.predict;

import java.time.Clock;
import java.time.Instant;
import java.util.function.Supplier;

import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.client.AuthorizationRequest;
import reactor.core.publisher.Mono;

/**
 * Decides about calls that are counted when they are done. Until then their usage is on
 * no account.
 */
record Foresight(AccountKeys keys, Accounts accounts, Questions questions, PredictionSettings settings, Clock clock,
		PredictionStatistics statistics) {

	Mono<Authorization> of(AuthorizationRequest request) {
		AccountKey key = this.keys.of(request.application(), request.referrer());
		Account account = this.accounts.find(key);
		if (account == null || !this.accounts.know(request.usage())) {
			Denied denied = this.accounts.denial(key);
			return (denied != null) ? local(denied) : ask(key, request);
		}
		return decide(key, account, request, () -> ask(key, request));
	}

	private Mono<Authorization> ask(AccountKey key, AuthorizationRequest request) {
		return this.questions.ask(key, request).flatMap((answer) -> {
			Account account = this.accounts.find(key);
			return (account != null) ? decide(key, account, request, () -> this.questions.decide(account, request))
					: backend(Mono.just(answer));
		}).onErrorResume(ThreeScaleUnavailableException.class, (ex) -> byLastKnown(key, request, ex));
	}

	/**
	 * Decide by what is known of an application, and else as told.
	 */
	private Mono<Authorization> decide(AccountKey key, Account account, AuthorizationRequest request,
			Supplier<Mono<Authorization>> otherwise) {
		Instant now = this.clock.instant();
		return switch (account.verdict(request.usage(), now)) {
			case ADMITTED -> admitted(key, account, request, now);
			case REFUSED -> local(account.denial(request.usage(), now));
			case NEAR_LIMIT -> backend(this.questions.decide(account, request));
			case SHARE_SPENT, EXPIRED -> otherwise.get();
		};
	}

	private Mono<Authorization> admitted(AccountKey key, Account account, AuthorizationRequest request, Instant now) {
		if (account.isToBeRenewed(now)) {
			this.questions.renew(key, request);
		}
		return local(account.granted());
	}

	private Mono<Authorization> local(Authorization authorization) {
		this.statistics.countLocal();
		return Mono.just(authorization);
	}

	private Mono<Authorization> backend(Mono<Authorization> decision) {
		this.statistics.countBackend();
		return decision;
	}

	private Mono<Authorization> byLastKnown(AccountKey key, AuthorizationRequest request,
			ThreeScaleUnavailableException ex) {
		Account account = this.settings.lastKnownFor().isZero() ? null : this.accounts.find(key);
		Instant now = this.clock.instant();
		Verdict verdict = (account != null) ? account.verdictByLastKnown(request.usage(), now) : Verdict.EXPIRED;
		if (account == null || verdict == Verdict.EXPIRED) {
			return Mono.error(ex);
		}
		this.statistics.countLastKnown();
		return Mono.just((verdict == Verdict.ADMITTED) ? account.granted() : account.denial(request.usage(), now));
	}

}

package io.threescale.spring.client.predict;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Extension;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Asks 3scale what cannot be decided here, and keeps the accounts in step with the
 * answers. Pending usage is delivered before each question. A call waits for an answer no
 * longer than it is told to; the answer is used all the same, and a call that gives up
 * takes nothing from the others.
 */
final class Questions {

	private final ReactiveThreeScaleClient backend;

	private final Settlement settlement;

	private final Accounts accounts;

	private final PredictionSettings settings;

	private final Clock clock;

	private final Scheduler scheduler;

	/**
	 * Whether a question has been answered, or has failed. Until then it is this process
	 * that is slow, loading what it takes to ask, and only the client bounds the wait.
	 */
	private volatile boolean warm;

	private final Map<Question, Mono<Authorization>> underWay = new ConcurrentHashMap<>();

	Questions(ReactiveThreeScaleClient backend, Settlement settlement, Accounts accounts, PredictionSettings settings,
			Clock clock, Scheduler scheduler) {
		this.backend = backend;
		this.settlement = settlement;
		this.accounts = accounts;
		this.settings = settings;
		this.clock = clock;
		this.scheduler = scheduler;
	}

	/**
	 * Ask about a caller, once for all calls that wait for the answer.
	 */
	Mono<Authorization> ask(Caller caller, AuthorizationRequest request) {
		Question question = new Question(caller, this.accounts.unknownMetrics(request.usage()));
		Mono<Authorization> answer = this.underWay.computeIfAbsent(question,
				(absent) -> authorize(caller, request, Duration.ZERO)
					.doOnTerminate(() -> this.underWay.remove(question))
					.cache());
		return inTime(answer, false);
	}

	/**
	 * What an answer is about.
	 *
	 * @param metrics those asked about of which nobody knows whether 3scale has them; it
	 * answers a call with a metric it has not by an error that concerns no other
	 */
	private record Question(Caller caller, Set<String> metrics) {
	}

	/**
	 * Ask for an answer in place of one that is still good. Nobody waits for it, so there
	 * is time to let show what was reported.
	 */
	void renew(Caller caller, AuthorizationRequest request) {
		authorize(caller, request, this.settings.settleTime()).onErrorComplete().subscribe();
	}

	private Mono<Authorization> authorize(Caller caller, AuthorizationRequest request, Duration wait) {
		Account account = this.accounts.find(caller.application());
		Usage left = this.settlement.pending(request.application());
		return settle(account, request.application())
			.then(wait.isZero() ? Mono.empty() : Mono.delay(wait, this.scheduler))
			.then(Mono.defer(() -> {
				Instant askedAt = this.clock.instant();
				return asked(this.backend.authorize(request.with(Extension.HIERARCHY)))
					.doOnNext((answer) -> this.accounts.learn(caller, request.usage(), answer, askedAt,
							this.clock.instant()));
			}))
			.doOnNext((answer) -> inherit(caller, account, left, request.application()));
	}

	/**
	 * Put on a new account what was left by an earlier one, of another plan or pushed
	 * out, or by an earlier process: 3scale may not show it yet.
	 */
	private void inherit(Caller caller, @Nullable Account earlier, Usage left, ApplicationCredentials application) {
		Account account = this.accounts.find(caller.application());
		if (account != null && account != earlier && !left.isEmpty()) {
			account.inherit(left, this.settlement.pending(application).isEmpty(), this.clock.instant());
		}
	}

	/**
	 * Have 3scale decide and count one call.
	 * @param reserved the usage of the call, set aside for as long as nobody knows
	 */
	Mono<Authorization> count(Caller caller, Account account, UnshownUsage reserved, AuthorizationRequest request) {
		Mono<Authorization> question = settle(account, request.application()).then(Mono.defer(() -> {
			Instant askedAt = this.clock.instant();
			return asked(this.backend.authRep(request.with(Extension.HIERARCHY)))
				.doOnNext((answer) -> counted(caller, account, reserved, request, answer, askedAt));
		})).doOnError((ex) -> notCounted(account, reserved, ex)).cache();
		return inTime(question, true);
	}

	/**
	 * Have 3scale decide about one call, and count nothing.
	 */
	Mono<Authorization> decide(Account account, AuthorizationRequest request) {
		Mono<Authorization> question = settle(account, request.application())
			.then(Mono.defer(() -> asked(this.backend.authorize(request))));
		return inTime(question, false);
	}

	private void counted(Caller caller, Account account, UnshownUsage reserved, AuthorizationRequest request,
			Authorization answer, Instant askedAt) {
		Instant now = this.clock.instant();
		if (answer instanceof Granted granted && granted.plan() == null) {
			account.delivered(reserved, now);
		}
		else if (answer instanceof Granted granted
				&& this.accounts.account(caller.application(), granted.status()) == account) {
			account.counted(reserved, granted, askedAt, now);
		}
		else {
			account.release(reserved);
			this.accounts.learn(caller, request.usage(), answer, askedAt, now);
		}
	}

	private void notCounted(Account account, UnshownUsage reserved, Throwable ex) {
		if (ex instanceof ThreeScaleUnavailableException unavailable && unavailable.isAmbiguous()) {
			account.delivered(reserved, this.clock.instant());
		}
		else {
			account.release(reserved);
		}
	}

	/**
	 * Deliver what is pending, and note how that went though the call gives up. Where
	 * there is no account, an earlier one may have left some.
	 */
	private Mono<Void> settle(@Nullable Account account, ApplicationCredentials application) {
		if (account == null) {
			return this.settlement.settle(application).onErrorComplete(ThreeScaleException.class);
		}
		UnshownUsage closed = account.close();
		if (closed == null) {
			return Mono.empty();
		}
		return this.settlement.settle(application)
			.doOnSuccess((done) -> account.delivered(closed, this.clock.instant()))
			.doOnError((ex) -> account.reopen(closed))
			.onErrorComplete(ThreeScaleException.class)
			.cache();
	}

	private Mono<Authorization> asked(Mono<Authorization> question) {
		return question.doOnTerminate(() -> this.warm = true);
	}

	private Mono<Authorization> inTime(Mono<Authorization> question, boolean counts) {
		if (!this.warm) {
			return question;
		}
		return question.timeout(this.settings.decisionTimeout(), this.scheduler)
			.onErrorMap(TimeoutException.class,
					(ex) -> new ThreeScaleUnavailableException("3scale did not decide in time", counts, null));
	}

}

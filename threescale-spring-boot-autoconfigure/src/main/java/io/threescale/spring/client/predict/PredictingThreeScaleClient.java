package io.threescale.spring.client.predict;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

import com.github.benmanes.caffeine.cache.Ticker;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Transaction;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Extension;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Decides most authreps in the process and reports their usage. 3scale is asked about an
 * application once in a while, when a share of its headroom is used up, and near a limit
 * for each call.
 * <p>
 * The bound: one instance goes beyond a limit by no more than its guard. N instances go
 * beyond it by no more than N times their guard and the share of the headroom each may
 * use before it asks again, and by what 3scale itself grants before it has counted.
 *
 * @since 0.1.0
 */
public final class PredictingThreeScaleClient implements ReactiveThreeScaleClient {

	private static final Set<Extension> PREDICTABLE = EnumSet.of(Extension.LIMIT_HEADERS, Extension.HIERARCHY);

	private final ReactiveThreeScaleClient delegate;

	private final PredictionSettings settings;

	private final Clock clock;

	private final Callers callers;

	private final Accounts accounts;

	private final Questions questions;

	private final PredictionStatistics statistics;

	private final Charging onAdmission;

	private final Charging onCompletion;

	/**
	 * Create a client.
	 * @param delegate asks 3scale, and takes the usage of calls decided here as reports
	 * @param intake takes the usage of calls decided here, as long as it has room
	 * @param settlement delivers what it has taken early
	 * @param settings how far decisions may be made here
	 * @param clock tells the time
	 * @param scheduler waits
	 * @param random spreads renewals, and keeps cache keys from being foreseen
	 */
	public PredictingThreeScaleClient(ReactiveThreeScaleClient delegate, UsageIntake intake, Settlement settlement,
			PredictionSettings settings, Clock clock, Scheduler scheduler, RandomGenerator random) {
		this.delegate = delegate;
		this.settings = settings;
		this.clock = clock;
		this.callers = new Callers(random);
		Ticker ticker = () -> Duration.ofMillis(clock.millis()).toNanos();
		// Renewals are spread on event loops, where a secure random would wait for the
		// system
		this.accounts = new Accounts(settings, ticker, new Random(random.nextLong()));
		this.questions = new Questions(delegate, settlement, this.accounts, settings, clock, scheduler);
		this.statistics = new PredictionStatistics(this.accounts);
		this.onAdmission = new ChargingOnAdmission(delegate, intake, this.questions, clock, this.statistics);
		this.onCompletion = new ChargingOnCompletion(this.questions, this.statistics);
	}

	/**
	 * Return how decisions come about.
	 * @return the statistics, which go on
	 */
	public PredictionStatistics statistics() {
		return this.statistics;
	}

	/**
	 * Forget all answers, so that 3scale is asked about every application again.
	 */
	public void forget() {
		this.accounts.clear();
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return isPredictable(request) ? Mono.defer(() -> predict(request, this.onAdmission))
				: this.delegate.authRep(request);
	}

	/**
	 * Decide about a call that is counted when it is done.
	 */
	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return isPredictable(request) ? Mono.defer(() -> predict(request, this.onCompletion))
				: this.delegate.authorize(request);
	}

	/**
	 * Not predicted is what depends on more than limits, sets counters, or is not to be
	 * answered in full.
	 */
	private static boolean isPredictable(AuthorizationRequest request) {
		return !request.usage().isEmpty() && request.usage().values().isEmpty() && request.parameters().isEmpty()
				&& request.redirectUri() == null && PREDICTABLE.containsAll(request.extensions());
	}

	private Mono<Authorization> predict(AuthorizationRequest request, Charging charging) {
		Caller caller = this.callers.of(request.application(), request.referrer());
		Permission permission = this.accounts.permission(caller);
		Instant now = this.clock.instant();
		if (permission == null || !permission.isGood(now) || !this.accounts.know(request.usage())) {
			return ask(caller, request, charging);
		}
		Account account = permission.account();
		return switch (charging.decide(account, request.usage(), now)) {
			case ADMITTED -> {
				Mono<Authorization> admitted = admitted(account, request, charging, now);
				if (permission.isToBeRenewed(now)) {
					this.questions.renew(caller, request);
				}
				yield admitted;
			}
			case REFUSED -> refused(account, request, now);
			case NEAR_LIMIT -> byBackend(caller, account, request, charging);
			case SHARE_SPENT -> ask(caller, request, charging);
		};
	}

	private Mono<Authorization> admitted(Account account, AuthorizationRequest request, Charging charging,
			Instant now) {
		this.statistics.countLocal();
		return charging.admit(account, request, now);
	}

	private Mono<Authorization> refused(Account account, AuthorizationRequest request, Instant now) {
		this.statistics.countLocal();
		return Mono.just(account.denied(request.usage(), now));
	}

	private Mono<Authorization> byBackend(Caller caller, Account account, AuthorizationRequest request,
			Charging charging) {
		return charging.byBackend(caller, account, request)
			.onErrorResume(ThreeScaleUnavailableException.class, (ex) -> byLastKnown(caller, request, charging, ex));
	}

	private Mono<Authorization> ask(Caller caller, AuthorizationRequest request, Charging charging) {
		Denied denied = this.accounts.denial(caller);
		if (denied != null) {
			this.statistics.countLocal();
			return Mono.just(denied);
		}
		return this.questions.ask(caller, request)
			.map((answer) -> decide(caller, request, charging, answer))
			.onErrorResume(ThreeScaleUnavailableException.class,
					(ex) -> Mono.just(byLastKnown(caller, request, charging, ex)))
			.flatMap(Function.identity());
	}

	/**
	 * Decide by an answer that has just come. What it does not decide, 3scale does.
	 */
	private Mono<Authorization> decide(Caller caller, AuthorizationRequest request, Charging charging,
			Authorization answer) {
		Permission permission = this.accounts.permission(caller);
		if (permission == null || !this.accounts.know(request.usage())) {
			this.statistics.countBackend();
			return answer.isGranted() ? charging.unknown(request, answer) : Mono.just(answer);
		}
		Account account = permission.account();
		Instant now = this.clock.instant();
		return switch (charging.decide(account, request.usage(), now)) {
			case ADMITTED -> admitted(account, request, charging, now);
			case REFUSED -> refused(account, request, now);
			case SHARE_SPENT, NEAR_LIMIT -> byBackend(caller, account, request, charging);
		};
	}

	private Mono<Authorization> byLastKnown(Caller caller, AuthorizationRequest request, Charging charging,
			ThreeScaleUnavailableException ex) {
		Permission permission = this.accounts.permission(caller);
		Instant now = this.clock.instant();
		Duration lastKnownFor = this.settings.lastKnownFor();
		if (permission == null || lastKnownFor.isZero() || ex.isAmbiguous() || !permission.isGood(now, lastKnownFor)) {
			return Mono.error(ex);
		}
		Account account = permission.account();
		this.statistics.countLastKnown();
		return (charging.decideByLastKnown(account, request.usage(), now) == Verdict.ADMITTED)
				? charging.admit(account, request, now) : Mono.just(account.denied(request.usage(), now));
	}

	/**
	 * Have usage counted, and put it on the account of its application: 3scale does not
	 * show it at once.
	 */
	@Override
	public Mono<Void> report(ReportRequest request) {
		return Mono.defer(() -> {
			Instant now = this.clock.instant();
			List<Account> used = new ArrayList<>();
			for (Transaction transaction : request.transactions()) {
				Account account = this.accounts.find(this.callers.application(transaction.application()));
				if (account != null) {
					account.use(transaction.usage(), now);
					used.add(account);
				}
			}
			return this.delegate.report(request).doFinally((signal) -> used.forEach(Account::arrived));
		});
	}

	@Override
	public void close() {
		this.delegate.close();
	}

}

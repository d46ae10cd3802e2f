package io.threescale.spring.client.predict;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

	private final ReactiveThreeScaleClient delegate;

	private final UsageIntake intake;

	private final PredictionSettings settings;

	private final Clock clock;

	private final AccountKeys keys;

	private final Accounts accounts;

	private final Questions questions;

	private final PredictionStatistics statistics;

	private final Foresight foresight;

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
		this.intake = intake;
		this.settings = settings;
		this.clock = clock;
		this.keys = new AccountKeys(random);
		Ticker ticker = () -> Duration.ofMillis(clock.millis()).toNanos();
		// Renewals are spread on event loops, where a secure random would wait for the
		// system
		this.accounts = new Accounts(settings, ticker, new Random(random.nextLong()));
		this.questions = new Questions(delegate, settlement, this.accounts, settings, clock, scheduler);
		this.statistics = new PredictionStatistics(this.accounts);
		this.foresight = new Foresight(this.keys, this.accounts, this.questions, settings, clock, this.statistics);
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
		if (!isPredictable(request)) {
			return this.delegate.authRep(request);
		}
		return Mono.defer(() -> predict(request));
	}

	/**
	 * Not predicted is what depends on more than limits, or sets counters.
	 */
	private static boolean isPredictable(AuthorizationRequest request) {
		return !request.usage().isEmpty() && request.usage().values().isEmpty() && request.parameters().isEmpty()
				&& request.redirectUri() == null && !request.extensions().contains(Extension.FLAT_USAGE)
				&& !request.extensions().contains(Extension.LIST_APP_KEYS);
	}

	private Mono<Authorization> predict(AuthorizationRequest request) {
		AccountKey key = this.keys.of(request.application(), request.referrer());
		Account account = this.accounts.find(key);
		if (account == null || !this.accounts.know(request.usage())) {
			Denied denied = this.accounts.denial(key);
			return (denied != null) ? local(denied) : ask(key, request);
		}
		Instant now = this.clock.instant();
		return switch (account.admit(request.usage(), now)) {
			case ADMITTED -> admitted(key, account, request, now);
			case REFUSED -> local(account.denial(request.usage(), now));
			case NEAR_LIMIT -> count(key, account, request);
			case SHARE_SPENT, EXPIRED -> ask(key, request);
		};
	}

	private Mono<Authorization> local(Authorization authorization) {
		this.statistics.countLocal();
		return Mono.just(authorization);
	}

	private Mono<Authorization> admitted(AccountKey key, Account account, AuthorizationRequest request, Instant now) {
		this.statistics.countLocal();
		return report(key, account, request, now);
	}

	private Mono<Authorization> report(AccountKey key, Account account, AuthorizationRequest request, Instant now) {
		Transaction left = this.intake
			.take(new Transaction(request.application(), request.usage(), now, request.responseCode()));
		Granted granted = account.granted();
		if (left == null) {
			arrived(key, account, request, now);
			return Mono.just(granted);
		}
		return this.delegate.report(ReportRequest.of(List.of(left)))
			.thenReturn((Authorization) granted)
			.doFinally((signal) -> arrived(key, account, request, now));
	}

	private void arrived(AccountKey key, Account account, AuthorizationRequest request, Instant now) {
		account.arrived();
		if (account.isToBeRenewed(now)) {
			this.questions.renew(key, request);
		}
	}

	private Mono<Authorization> ask(AccountKey key, AuthorizationRequest request) {
		return this.questions.ask(key, request)
			.map((answer) -> decide(key, request, answer))
			.onErrorResume(ThreeScaleUnavailableException.class, (ex) -> Mono.just(byLastKnown(key, request, ex)))
			.flatMap(Function.identity());
	}

	/**
	 * Decide by an answer that has just come. What it does not decide, 3scale does.
	 */
	private Mono<Authorization> decide(AccountKey key, AuthorizationRequest request, Authorization answer) {
		Account account = this.accounts.find(key);
		if (account == null) {
			this.statistics.countBackend();
			return Mono.just(answer);
		}
		Instant now = this.clock.instant();
		return switch (account.admit(request.usage(), now)) {
			case ADMITTED -> admitted(key, account, request, now);
			case REFUSED -> local(account.denial(request.usage(), now));
			case SHARE_SPENT, NEAR_LIMIT, EXPIRED -> count(key, account, request);
		};
	}

	private Mono<Authorization> count(AccountKey key, Account account, AuthorizationRequest request) {
		UnshownUsage reserved = account.reserve(request.usage(), this.clock.instant());
		if (reserved == null) {
			return local(account.denial(request.usage(), this.clock.instant()));
		}
		this.statistics.countBackend();
		return this.questions.count(key, account, reserved, request)
			.onErrorResume(ThreeScaleUnavailableException.class, (ex) -> byLastKnown(key, request, ex));
	}

	private Mono<Authorization> byLastKnown(AccountKey key, AuthorizationRequest request,
			ThreeScaleUnavailableException ex) {
		Account account = this.accounts.find(key);
		if (account == null || ex.isAmbiguous() || this.settings.lastKnownFor().isZero()) {
			return Mono.error(ex);
		}
		Instant now = this.clock.instant();
		Verdict verdict = account.admitByLastKnown(request.usage(), now);
		if (verdict == Verdict.EXPIRED) {
			return Mono.error(ex);
		}
		this.statistics.countLastKnown();
		return (verdict == Verdict.ADMITTED) ? report(key, account, request, now)
				: Mono.just(account.denial(request.usage(), now));
	}

	/**
	 * Decide about a call that is counted when it is done.
	 */
	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		if (!isPredictable(request)) {
			return this.delegate.authorize(request);
		}
		return Mono.defer(() -> this.foresight.of(request));
	}

	/**
	 * Have usage counted, and put it on the account of its application: 3scale does not
	 * show it at once. Accounts that a referrer is part of hear of it from 3scale only.
	 */
	@Override
	public Mono<Void> report(ReportRequest request) {
		return Mono.defer(() -> {
			Instant now = this.clock.instant();
			List<Account> used = new ArrayList<>();
			for (Transaction transaction : request.transactions()) {
				Account account = this.accounts.find(this.keys.of(transaction.application(), null));
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

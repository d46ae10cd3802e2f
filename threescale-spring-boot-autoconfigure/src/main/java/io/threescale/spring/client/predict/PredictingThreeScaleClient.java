package io.threescale.spring.client.predict;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

import com.github.benmanes.caffeine.cache.Ticker;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Transaction;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Extension;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Decides most authreps in the process and reports their usage. 3scale is asked about an
 * application once in a while, when a share of its headroom is used up, and near a limit
 * for each call.
 * <p>
 * The bound: one instance goes beyond a limit by no more than its guard. N instances go
 * beyond it by no more than N guards, and what they may use between two questions: N
 * times the share of the headroom each of them last saw, less that headroom.
 *
 * @since 0.1.0
 */
public final class PredictingThreeScaleClient implements ReactiveThreeScaleClient {

	private final ReactiveThreeScaleClient delegate;

	private final Settlement settlement;

	private final PredictionSettings settings;

	private final Clock clock;

	private final Scheduler scheduler;

	private final AccountKeys keys;

	private final Accounts accounts;

	private final PredictionStatistics statistics;

	private final Map<AccountKey, Mono<Authorization>> questions = new ConcurrentHashMap<>();

	/**
	 * Create a client.
	 * @param delegate asks 3scale, and takes the usage of calls decided here as reports
	 * @param settlement delivers such reports early
	 * @param settings how far decisions may be made here
	 * @param clock tells the time
	 * @param scheduler waits
	 * @param random spreads renewals, and keeps cache keys from being foreseen
	 */
	public PredictingThreeScaleClient(ReactiveThreeScaleClient delegate, Settlement settlement,
			PredictionSettings settings, Clock clock, Scheduler scheduler, RandomGenerator random) {
		this.delegate = delegate;
		this.settlement = settlement;
		this.settings = settings;
		this.clock = clock;
		this.scheduler = scheduler;
		this.keys = new AccountKeys(random);
		Ticker ticker = () -> Duration.ofMillis(clock.millis()).toNanos();
		this.accounts = new Accounts(settings, ticker, random);
		this.statistics = new PredictionStatistics(this.accounts);
	}

	/**
	 * Return how decisions come about.
	 * @return the statistics, which go on
	 */
	public PredictionStatistics statistics() {
		return this.statistics;
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
			return (denied != null) ? local(denied) : askAnew(key, request);
		}
		Instant now = this.clock.instant();
		return switch (account.admit(request.usage(), now)) {
			case ADMITTED -> admitted(key, account, request, now);
			case REFUSED -> local(account.denial(request.usage(), now));
			case NEAR_LIMIT -> askToCount(key, account, request);
			case SHARE_SPENT, EXPIRED -> askAnew(key, request);
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
		Transaction transaction = new Transaction(request.application(), request.usage(), now, request.responseCode());
		return this.delegate.report(ReportRequest.of(List.of(transaction)))
			.thenReturn((Authorization) account.granted())
			.doFinally((signal) -> {
				account.arrived();
				if (account.isToBeRenewed(now)) {
					renew(key, request);
				}
			});
	}

	/**
	 * Ask 3scale about an application, once for all calls that wait for the answer; and
	 * decide each by it. A call that gives up waiting takes nothing from the others.
	 */
	private Mono<Authorization> askAnew(AccountKey key, AuthorizationRequest request) {
		return this.questions
			.computeIfAbsent(key,
					(absent) -> ask(key, request, Duration.ZERO).doFinally((signal) -> this.questions.remove(key))
						.cache())
			.timeout(this.settings.decisionTimeout(), this.scheduler)
			.onErrorMap(TimeoutException.class, (ex) -> tooLate(false))
			.flatMap((answer) -> decide(key, request, answer))
			.onErrorResume(ThreeScaleUnavailableException.class, (ex) -> byLastKnown(key, request, ex));
	}

	private Mono<Authorization> ask(AccountKey key, AuthorizationRequest request, Duration wait) {
		return settle(this.accounts.find(key), request.application())
			.then(wait.isZero() ? Mono.empty() : Mono.delay(wait, this.scheduler))
			.then(Mono.defer(() -> {
				Instant askedAt = this.clock.instant();
				return this.delegate.authorize(request.with(Extension.HIERARCHY))
					.doOnNext((answer) -> this.accounts.learn(key, request.usage(), answer, askedAt,
							this.clock.instant()));
			}));
	}

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
			case SHARE_SPENT, NEAR_LIMIT, EXPIRED -> askToCount(key, account, request);
		};
	}

	/**
	 * Have 3scale decide and count one call. Its usage is set aside meanwhile, and goes
	 * on the account if 3scale grants it, even if nobody waits for the answer any more.
	 */
	private Mono<Authorization> askToCount(AccountKey key, Account account, AuthorizationRequest request) {
		UnshownUsage reserved = account.reserve(request.usage(), this.clock.instant());
		if (reserved == null) {
			return local(account.denial(request.usage(), this.clock.instant()));
		}
		this.statistics.countBackend();
		return settle(account, request.application()).then(Mono.defer(() -> {
			Instant askedAt = this.clock.instant();
			return this.delegate.authRep(request.with(Extension.HIERARCHY))
				.doOnNext((answer) -> counted(key, account, reserved, request, answer, askedAt))
				.doOnError((ex) -> notCounted(account, reserved, ex));
		}))
			.cache()
			.timeout(this.settings.decisionTimeout(), this.scheduler)
			.onErrorMap(TimeoutException.class, (ex) -> tooLate(true));
	}

	private void counted(AccountKey key, Account account, UnshownUsage reserved, AuthorizationRequest request,
			Authorization answer, Instant askedAt) {
		Instant now = this.clock.instant();
		if (answer instanceof Granted granted && this.accounts.account(key, granted.status()) == account) {
			account.counted(reserved, granted, askedAt, now);
		}
		else {
			account.release(reserved);
			this.accounts.learn(key, request.usage(), answer, askedAt, now);
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

	private Mono<Authorization> byLastKnown(AccountKey key, AuthorizationRequest request,
			ThreeScaleUnavailableException ex) {
		Account account = this.accounts.find(key);
		Instant now = this.clock.instant();
		if (account == null || ex.isAmbiguous() || this.settings.lastKnownFor().isZero()) {
			return Mono.error(ex);
		}
		return switch (account.admitByLastKnown(request.usage(), now)) {
			case ADMITTED -> {
				this.statistics.countLastKnown();
				yield report(key, account, request, now);
			}
			case REFUSED -> {
				this.statistics.countLastKnown();
				yield Mono.just(account.denial(request.usage(), now));
			}
			case SHARE_SPENT, NEAR_LIMIT, EXPIRED -> Mono.error(ex);
		};
	}

	/**
	 * Renew an answer that is still good. Nobody waits for it, so there is time to let
	 * what was reported show.
	 */
	private void renew(AccountKey key, AuthorizationRequest request) {
		ask(key, request, this.settings.settleTime()).onErrorComplete().subscribe();
	}

	private Mono<Void> settle(@Nullable Account account, ApplicationCredentials application) {
		UnshownUsage closed = (account != null) ? account.close() : null;
		if (account == null || closed == null) {
			return Mono.empty();
		}
		return this.settlement.settle(application)
			.doOnSuccess((done) -> account.delivered(closed, this.clock.instant()))
			.doOnError((ex) -> account.reopen(closed))
			.onErrorComplete(ThreeScaleException.class);
	}

	private static ThreeScaleUnavailableException tooLate(boolean ambiguous) {
		return new ThreeScaleUnavailableException("3scale did not decide in time", ambiguous, null);
	}

	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return this.delegate.authorize(request);
	}

	@Override
	public Mono<Void> report(ReportRequest request) {
		return this.delegate.report(request);
	}

	@Override
	public void close() {
		this.delegate.close();
	}

}

package io.threescale.spring.client.predictive;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Extension;
import io.threescale.spring.client.predictive.Call.Caller;
import io.threescale.spring.client.reporting.ApplicationUsage;
import io.threescale.spring.client.reporting.ApplicationUsage.Reservation;
import io.threescale.spring.client.reporting.BatchingThreeScaleClient;
import io.threescale.spring.client.reporting.UsageBook;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Asks 3scale what cannot be decided here, and keeps what it shows. Pending usage is
 * delivered before each question. A call waits for an answer no longer than it is told
 * to; the answer is used all the same, and a call that gives up takes nothing from the
 * others.
 */
final class Questions {

	/**
	 * The share of the time to live over which questions are spread that waited for the
	 * same flush.
	 */
	private static final double RENEWAL_SPREAD = 0.1;

	private final BatchingThreeScaleClient backend;

	private final UsageBook book;

	private final KnownLimits known;

	private final Headroom headroom;

	private final Changes changes;

	private final PredictionSettings settings;

	private final Clock clock;

	private final Scheduler scheduler;

	private final RandomGenerator random;

	/**
	 * Whether a question has been answered, or has failed. Until then it is this process
	 * that is slow, loading what it takes to ask, and only the client bounds the wait.
	 */
	private volatile boolean warm;

	private final Map<Question, Mono<Reply>> underWay = new ConcurrentHashMap<>();

	Questions(BatchingThreeScaleClient backend, KnownLimits known, Headroom headroom, Changes changes,
			PredictionSettings settings, Clock clock, Scheduler scheduler, RandomGenerator random) {
		this.backend = backend;
		this.book = backend.book();
		this.known = known;
		this.headroom = headroom;
		this.changes = changes;
		this.settings = settings;
		this.clock = clock;
		this.scheduler = scheduler;
		this.random = random;
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
	 * An answer of 3scale's.
	 *
	 * @param usage what it was asked about
	 */
	record Reply(Authorization answer, Usage usage) {

		/**
		 * Tell whether 3scale has denied just this.
		 */
		boolean denies(Usage usage) {
			return !this.answer.isGranted() && this.usage.equals(usage);
		}

	}

	/**
	 * Ask about a caller, once for all calls that wait for the answer. Nothing is counted
	 * by that, so it does no harm if the answer does not come.
	 */
	Mono<Reply> askForAll(Call call) {
		Question question = new Question(call.caller(),
				this.book.known().metrics().unknown(call.usage().increments().keySet()));
		Mono<Reply> reply = this.underWay.computeIfAbsent(question,
				(absent) -> answer(call.uncounted()).map((answer) -> new Reply(answer, call.usage()))
					.doOnTerminate(() -> this.underWay.remove(question))
					.cache());
		return inTime(reply, false);
	}

	/**
	 * Ask about one call near a limit.
	 */
	Mono<Authorization> ask(Call call, ApplicationLimits limits) {
		return inTime((call.counts() ? countingAnswer(call, limits) : answer(call)).cache(), call.counts());
	}

	/**
	 * Ask for an answer in place of one that is still good. Nobody waits for it, so there
	 * is time for what was used to be reported in the regular way, and to show.
	 * @param left how long the answer is still good for
	 */
	void renew(Call call, Duration left) {
		Duration wait = this.backend.untilNextFlush()
			.plus(this.settings.settleTime())
			.plusMillis((long) (RENEWAL_SPREAD * this.settings.timeToLive().toMillis() * this.random.nextDouble()));
		Duration atMost = left.dividedBy(2);
		Mono.delay((wait.compareTo(atMost) < 0) ? wait : atMost, this.scheduler)
			.then(Mono.defer(() -> asked(call.uncounted(), null)))
			.onErrorComplete()
			.subscribe();
	}

	/**
	 * Deliver what is pending, and ask. As nothing is counted, nothing is kept of an
	 * application that nobody may know.
	 */
	private Mono<Authorization> answer(Call call) {
		return Mono.defer(() -> deliver(call).then(asked(call, null)));
	}

	/**
	 * Set usage aside, deliver what is pending, and ask, unless that may be too much.
	 */
	private Mono<Authorization> countingAnswer(Call call, ApplicationLimits limits) {
		return Mono.defer(() -> {
			Optional<Reservation> reserved = call.within(this.book,
					(usage) -> limits.bears(usage, call.usage(), this.clock.instant())
							? Optional.of(usage.reserve(call.usage())) : Optional.empty());
			return reserved.map((set) -> this.headroom.bears(call, limits).flatMap((bears) -> {
				if (bears) {
					return deliver(call).then(asked(call, set));
				}
				set.release();
				return denied(call, limits);
			})).orElseGet(() -> denied(call, limits));
		});
	}

	private Mono<Authorization> denied(Call call, ApplicationLimits limits) {
		return Mono.just(call.within(this.book, (usage) -> limits.denied(usage, call.usage(), this.clock.instant())));
	}

	/**
	 * Deliver what is pending, which must leave the call time to ask. It is written where
	 * other instances see it before it is sent. No call waits for that while it cannot
	 * be.
	 */
	private Mono<Void> deliver(Call call) {
		ApplicationUsage usage = this.book.find(call.caller().application());
		return (usage != null && usage.hasOpen() && !this.headroom.isAway())
				? this.backend.deliver(call.request().application())
					.onErrorComplete(ThreeScaleException.class)
					.timeout(this.settings.decisionTimeout().dividedBy(2), Mono.empty(), this.scheduler)
				: Mono.empty();
	}

	private Mono<Authorization> asked(Call call, @Nullable Reservation reserved) {
		AuthorizationRequest request = call.request().with(Extension.HIERARCHY, Extension.LIMIT_HEADERS);
		return Mono.defer(() -> {
			long askedAt = this.book.time().read();
			Mono<Authorization> answer = call.counts() ? this.backend.authRep(request)
					: this.backend.authorize(request);
			return answer.doOnNext((given) -> learn(call, given, askedAt, reserved));
		}).doOnError((ex) -> failed(ex, reserved)).doOnTerminate(() -> this.warm = true);
	}

	/**
	 * Learn from an answer. One that names no plan could not be read, and tells nothing:
	 * no limits in it does not mean that there are none.
	 */
	private void learn(Call call, Authorization answer, long askedAt, @Nullable Reservation reserved) {
		boolean letIn = this.known.isLetIn(call.caller());
		ApplicationLimits before = this.known.find(call.caller().application());
		if (answer instanceof Denied denied && !denied.code().equals(ErrorCode.LIMITS_EXCEEDED)) {
			this.known.remember(call.caller(), denied);
			tellIf(letIn, call);
			settle(call, null, answer, askedAt, reserved);
		}
		else if (answer.plan() == null) {
			settle(call, null, answer, askedAt, reserved);
		}
		else {
			this.known.tree().learn(call.usage(), answer);
			ApplicationLimits limits = this.known.limits(call.caller().application(), answer.status());
			settle(call, limits, answer, askedAt, reserved);
			this.known.remember(call.caller(), limits);
			tellIf(letIn && limits != before, call);
		}
	}

	private void tellIf(boolean changed, Call call) {
		if (changed) {
			this.changes.tell(call.request().application().identity());
		}
	}

	/**
	 * Bring the book up to date with an answer. Usage that 3scale has counted is
	 * unconfirmed, as later answers may not show it at once; this one does.
	 */
	private void settle(Call call, @Nullable ApplicationLimits limits, Authorization answer, long askedAt,
			@Nullable Reservation reserved) {
		if (limits != null || reserved != null) {
			call.within(this.book, (usage) -> {
				if (reserved != null && !answer.isGranted()) {
					reserved.release();
				}
				if (limits != null) {
					limits.show(usage, answer.status(), askedAt, answer.isGranted() ? reserved : null);
				}
				if (reserved != null && answer.isGranted()) {
					counted(reserved);
				}
				return answer;
			});
		}
	}

	private void failed(Throwable failure, @Nullable Reservation reserved) {
		if (reserved == null) {
			return;
		}
		if (failure instanceof ThreeScaleUnavailableException unavailable && unavailable.isAmbiguous()) {
			counted(reserved);
		}
		else {
			reserved.release();
		}
	}

	private void counted(Reservation reserved) {
		reserved.counted(this.clock.instant(), this.book.time().read());
	}

	private <T> Mono<T> inTime(Mono<T> question, boolean counts) {
		if (!this.warm) {
			return question;
		}
		return question.timeout(this.settings.decisionTimeout(), this.scheduler)
			.onErrorMap(TimeoutException.class,
					(ex) -> new ThreeScaleUnavailableException("3scale did not decide in time", counts, null));
	}

}

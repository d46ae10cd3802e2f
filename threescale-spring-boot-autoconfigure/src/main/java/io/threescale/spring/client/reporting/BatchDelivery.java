package io.threescale.spring.client.reporting;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.PartialReportException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.QuietLog;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.SteadyTime;
import io.threescale.spring.client.http.Deadline;
import io.threescale.spring.client.reporting.Counter.State;
import io.threescale.spring.client.reporting.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Finds out whether 3scale has what a batch is about, takes its counters out of the book,
 * sends them in one request, and sorts out the answer: accepted, put back, searched for
 * the culprit, given up, or ambiguous.
 */
final class BatchDelivery {

	private final LearningThreeScaleClient client;

	private final KnownApplications known;

	private final SpoolWriter spool;

	private final DeadLetters deadLetters;

	private final BatchingStatistics statistics;

	private final QuietLog log;

	private final AmbiguousPolicy onAmbiguous;

	private final SteadyTime time;

	private final Scheduler scheduler;

	/** When nothing must be sent any more, by the steady time. */
	private volatile long endsAt = Long.MAX_VALUE;

	BatchDelivery(LearningThreeScaleClient client, KnownApplications known, SpoolWriter spool, DeadLetters deadLetters,
			BatchingStatistics statistics, QuietLog log, AmbiguousPolicy onAmbiguous, SteadyTime time,
			Scheduler scheduler) {
		this.client = client;
		this.known = known;
		this.spool = spool;
		this.deadLetters = deadLetters;
		this.statistics = statistics;
		this.log = log;
		this.onAmbiguous = onAmbiguous;
		this.time = time;
		this.scheduler = scheduler;
	}

	/**
	 * How a delivery went, from well to badly.
	 */
	enum Outcome {

		/** Nothing is left of it. */
		COMPLETE,

		/** Some is to be tried again later, others may do better. */
		INCOMPLETE,

		/** 3scale is away: it is no use to go on now. */
		HALTED,

		/** It is no use to try again soon, as while the application stops. */
		FUTILE;

		boolean isHalt() {
			return compareTo(HALTED) >= 0;
		}

		Outcome worse(Outcome other) {
			return (compareTo(other) >= 0) ? this : other;
		}

	}

	/**
	 * Bound each request by the time that is left.
	 */
	void endWithin(Duration time) {
		this.endsAt = this.time.read() + time.toNanos();
	}

	/**
	 * Make a dead letter of a counter that 3scale will never take.
	 * @return whether it was still in the book
	 */
	boolean giveUp(Counter counter, Reason reason, @Nullable ErrorCode code) {
		boolean discarded = counter.discard();
		if (discarded) {
			this.spool.remove(List.of(counter));
			this.deadLetters.add(counter.transaction(), reason, code);
		}
		return discarded;
	}

	/**
	 * Find out whether 3scale has what a batch is about: it accepts the report of any
	 * application and metric, and drops that of one which it does not have. Its usage is
	 * given up here.
	 */
	Mono<Outcome> verify(List<Counter> batch) {
		Counter first = batch.get(0);
		String metric = first.key().metric();
		ApplicationCredentials application = first.owner().application();
		if (this.known.metrics().state(metric) == KnownMetrics.State.MISSING) {
			return Mono.fromSupplier(() -> giveUp(batch, isOf(metric), ErrorCode.METRIC_INVALID));
		}
		Usage usage = this.known.metrics().isKnown(metric) ? Usage.NONE : Usage.of(metric, 0);
		return inTime(this.client.authorize(AuthorizationRequest.of(application, usage))).publishOn(this.scheduler)
			.map((answer) -> (answer instanceof Denied denied && KnownApplications.isUnknown(answer))
					? giveUp(batch, (counter) -> counter.owner() == first.owner(), denied.code()) : Outcome.COMPLETE)
			.onErrorResume((failure) -> Mono.just(unverified(batch, metric, failure)));
	}

	private Outcome unverified(List<Counter> batch, String metric, Throwable failure) {
		if (failure instanceof ThreeScaleUnavailableException) {
			this.client.reportFailed(failure);
			return Outcome.HALTED;
		}
		return ErrorCode.METRIC_INVALID.equals(ReportFailure.code(failure))
				? giveUp(batch, isOf(metric), ErrorCode.METRIC_INVALID) : Outcome.COMPLETE;
	}

	private Outcome giveUp(List<Counter> batch, Predicate<Counter> wrong, ErrorCode code) {
		batch.stream().filter(wrong).forEach((counter) -> giveUp(counter, Reason.REJECTED, code));
		return Outcome.COMPLETE;
	}

	private static Predicate<Counter> isOf(String metric) {
		return (counter) -> counter.key().metric().equals(metric);
	}

	/**
	 * Send counters in one request, but for those that are not pending any more.
	 * @return how it went; does not fail
	 */
	Mono<Outcome> deliver(List<Counter> batch) {
		return Mono.defer(() -> {
			List<Counter> taken = batch.stream().filter(Counter::take).toList();
			List<Counter> leaving = this.spool.announce(taken);
			if (leaving.size() == taken.size()) {
				return send(leaving);
			}
			this.spool.putBack(taken.stream().filter((counter) -> !leaving.contains(counter)).toList());
			return send(leaving).map(Outcome.INCOMPLETE::worse);
		});
	}

	private Mono<Outcome> send(List<Counter> taken) {
		List<Counter> counters = stillSending(taken);
		if (counters.isEmpty()) {
			return Mono.just(Outcome.COMPLETE);
		}
		return report(counters).publishOn(this.scheduler)
			.then(Mono.fromSupplier(() -> accepted(counters)))
			.onErrorResume((failure) -> failed(counters, failure));
	}

	/**
	 * Leave out what is not in the book any more, as the application stops.
	 */
	private static List<Counter> stillSending(List<Counter> counters) {
		return counters.stream().filter((counter) -> counter.is(State.SENDING)).toList();
	}

	/**
	 * What fails before there is a request has surely not been sent.
	 */
	private Mono<Void> report(List<Counter> counters) {
		try {
			List<Transaction> transactions = counters.stream().map(Counter::transaction).toList();
			return inTime(this.client.report(new ReportRequest(transactions, counters.get(0).key().flatUsage())));
		}
		catch (Throwable ex) {
			ThreeScaleUnavailableException failure = new ThreeScaleUnavailableException(
					"No request could be made: " + ex, false, ex);
			this.client.reportFailed(failure);
			return Mono.error(failure);
		}
	}

	private <T> Mono<T> inTime(Mono<T> request) {
		long left = this.endsAt - this.time.read();
		return (this.endsAt != Long.MAX_VALUE) ? request.contextWrite(Deadline.within(Duration.ofNanos(left)))
				: request;
	}

	private Outcome accepted(List<Counter> counters) {
		this.statistics.countDelivered(delivered(counters));
		return Outcome.COMPLETE;
	}

	/**
	 * Take counters out of the book and the spool, and return those that were still
	 * there.
	 */
	private List<Counter> delivered(List<Counter> counters) {
		long now = this.time.read();
		List<Counter> delivered = counters.stream().filter((counter) -> counter.delivered(now)).toList();
		this.spool.remove(delivered);
		return delivered;
	}

	private Mono<Outcome> failed(List<Counter> counters, Throwable failure) {
		if (failure instanceof PartialReportException partial) {
			int accepted = counters.size() - partial.remaining().size();
			accepted(counters.subList(0, accepted));
			return failed(counters.subList(accepted, counters.size()), partial.failure());
		}
		return switch (ReportFailure.of(failure)) {
			case REJECTED -> rejected(counters, failure);
			case REFUSED -> Mono.just(refused(counters, failure, Outcome.FUTILE));
			case UNEXPLAINED -> Mono.just(refused(counters, failure, Outcome.INCOMPLETE));
			case UNSENT -> Mono.just(putBack(counters, Outcome.HALTED));
			case AMBIGUOUS -> Mono.just(ambiguous(counters, failure));
		};
	}

	private Mono<Outcome> rejected(List<Counter> counters, Throwable failure) {
		if (counters.size() == 1) {
			giveUp(counters.get(0), Reason.REJECTED, ReportFailure.code(failure));
			return Mono.just(Outcome.COMPLETE);
		}
		int half = counters.size() / 2;
		List<Counter> rest = counters.subList(half, counters.size());
		return send(counters.subList(0, half)).flatMap((first) -> first.isHalt()
				? Mono.fromSupplier(() -> putBack(rest, first)) : send(rest).map(first::worse));
	}

	private Outcome refused(List<Counter> counters, Throwable failure, Outcome outcome) {
		this.log.error("refused",
				() -> "Usage cannot be reported, and is kept for up to 23 hours: " + failure.getMessage());
		return putBack(counters, outcome);
	}

	private Outcome putBack(List<Counter> counters, Outcome outcome) {
		this.spool.putBack(counters);
		return outcome;
	}

	private Outcome ambiguous(List<Counter> counters, Throwable failure) {
		boolean again = this.onAmbiguous.sendsAgain();
		List<Counter> ambiguous = stillSending(counters);
		this.statistics.countAmbiguous(ambiguous);
		long units = ambiguous.stream().mapToLong(Counter::units).sum();
		this.log.warn("ambiguous", () -> units + " units of usage may or may not have been counted, and are "
				+ (again ? "sent again" : "not sent again") + ": " + failure.getMessage());
		if (again) {
			return putBack(ambiguous, Outcome.HALTED);
		}
		delivered(ambiguous);
		return this.spool.isDurable() ? Outcome.FUTILE : Outcome.HALTED;
	}

}

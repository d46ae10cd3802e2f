package io.threescale.spring.client.reporting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
import io.threescale.spring.client.http.Deadline;
import io.threescale.spring.client.reporting.DeadLetter.Reason;
import io.threescale.spring.client.reporting.KnownMetrics.State;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Finds out whether 3scale has what counters are about, takes them out of the book, sends
 * them in one request, and sorts out the answer: accepted, put back, searched for the
 * culprit, given up, or ambiguous.
 */
final class BatchDelivery {

	private final LearningThreeScaleClient client;

	private final KnownApplications known;

	private final SpoolWriter spool;

	private final DeadLetters deadLetters;

	private final ReportWindow window;

	private final Outage outage;

	private final ReportingCounts counts;

	private final QuietLog log;

	private final AmbiguousPolicy onAmbiguous;

	private final SteadyTime time;

	private final Scheduler scheduler;

	/** When nothing must be sent any more, by the steady time. */
	private volatile long endsAt = Long.MAX_VALUE;

	BatchDelivery(LearningThreeScaleClient client, KnownApplications known, SpoolWriter spool, DeadLetters deadLetters,
			ReportWindow window, Outage outage, ReportingCounts counts, QuietLog log, AmbiguousPolicy onAmbiguous,
			SteadyTime time, Scheduler scheduler) {
		this.client = client;
		this.known = known;
		this.spool = spool;
		this.deadLetters = deadLetters;
		this.window = window;
		this.outage = outage;
		this.counts = counts;
		this.log = log;
		this.onAmbiguous = onAmbiguous;
		this.time = time;
		this.scheduler = scheduler;
	}

	/**
	 * Bound each request by the time that is left.
	 */
	void endWithin(Duration time) {
		this.endsAt = this.time.read() + time.toNanos();
	}

	boolean isHalted() {
		return this.outage.isSilent();
	}

	/**
	 * Return which counters can be sent now. What 3scale takes no more is given up; what
	 * it does not take yet, as a clock was ahead, waits.
	 */
	List<Counter> due(Collection<Counter> pending) {
		List<Counter> due = new ArrayList<>(pending.size());
		for (Counter counter : pending) {
			if (this.window.isTooOld(counter.key().time())) {
				giveUp(counter, Reason.OUTSIDE_WINDOW, null);
			}
			else if (!this.window.isTooNew(counter.key().time())) {
				due.add(counter);
			}
		}
		return due;
	}

	private void giveUp(Counter counter, Reason reason, @Nullable ErrorCode code) {
		counter.owner().take(counter);
		if (counter.owner().discard(counter)) {
			this.spool.remove(List.of(counter));
			this.deadLetters.add(counter.transaction(), reason, code);
		}
	}

	/**
	 * Find out whether 3scale is there, if the last report was not answered, by a
	 * question that does no harm.
	 * @param application the application to ask about
	 */
	Mono<Boolean> resume(ApplicationCredentials application) {
		if (!isHalted()) {
			return Mono.just(true);
		}
		return this.client.authorize(AuthorizationRequest.of(application, Usage.NONE))
			.thenReturn(true)
			.onErrorResume((failure) -> Mono.just(ReportFailure.isAnswer(failure)))
			.publishOn(this.scheduler);
	}

	/**
	 * Tell whether 3scale is not known to have what a batch is about.
	 */
	boolean isDoubtful(List<Counter> batch) {
		Counter first = batch.get(0);
		return !this.known.knowsApplication(first.owner().hash())
				|| !this.known.metrics().isKnown(first.key().metric());
	}

	/**
	 * Find out whether 3scale has what a batch is about: it accepts the report of any
	 * application and metric, and drops that of one which it does not have. Its usage is
	 * given up here.
	 */
	Mono<Delivery> verify(List<Counter> batch) {
		Counter first = batch.get(0);
		String metric = first.key().metric();
		ApplicationCredentials application = first.owner().application();
		if (this.known.metrics().state(metric) == State.MISSING) {
			return Mono.fromSupplier(() -> giveUp(batch, isOf(metric), ErrorCode.METRIC_INVALID));
		}
		Usage usage = this.known.metrics().isKnown(metric) ? Usage.NONE : Usage.of(metric, 0);
		return inTime(this.client.authorize(AuthorizationRequest.of(application, usage))).publishOn(this.scheduler)
			.map((answer) -> (answer instanceof Denied denied && KnownApplications.isUnknown(answer))
					? giveUp(batch, (counter) -> counter.owner() == first.owner(), denied.code()) : Delivery.COMPLETE)
			.onErrorResume((failure) -> Mono.just(unverified(batch, metric, failure)));
	}

	private Delivery unverified(List<Counter> batch, String metric, Throwable failure) {
		if (failure instanceof ThreeScaleUnavailableException) {
			this.outage.failed(failure, pending());
			return Delivery.HALTED;
		}
		return ErrorCode.METRIC_INVALID.equals(ReportFailure.code(failure))
				? giveUp(batch, isOf(metric), ErrorCode.METRIC_INVALID) : Delivery.COMPLETE;
	}

	private Delivery giveUp(List<Counter> batch, Predicate<Counter> wrong, ErrorCode code) {
		batch.stream().filter(wrong).forEach((counter) -> giveUp(counter, Reason.REJECTED, code));
		return Delivery.COMPLETE;
	}

	private static Predicate<Counter> isOf(String metric) {
		return (counter) -> counter.key().metric().equals(metric);
	}

	/**
	 * Send counters in one request, but for those that are not pending any more.
	 * @return how it went; does not fail
	 */
	Mono<Delivery> deliver(List<Counter> planned) {
		return Mono.defer(() -> {
			List<Counter> taken = planned.stream().filter((counter) -> counter.owner().take(counter)).toList();
			List<Counter> leaving = this.spool.announce(taken);
			if (leaving.size() == taken.size()) {
				return send(leaving);
			}
			this.spool.putBack(taken.stream().filter((counter) -> !leaving.contains(counter)).toList());
			return send(leaving).map(Delivery.INCOMPLETE::worse);
		});
	}

	private Mono<Delivery> send(List<Counter> taken) {
		List<Counter> counters = taken.stream().filter((counter) -> counter.owner().isSending(counter)).toList();
		if (counters.isEmpty()) {
			return Mono.just(Delivery.COMPLETE);
		}
		return report(counters).publishOn(this.scheduler)
			.then(Mono.fromSupplier(() -> accepted(counters)))
			.onErrorResume((failure) -> failed(counters, failure));
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
			return Mono.error(new ThreeScaleUnavailableException("No request could be made: " + ex, false, ex));
		}
	}

	/**
	 * Report what has no room in the book, if 3scale is there.
	 */
	Mono<Void> deliver(Transaction transaction, boolean flatUsage) {
		return resume(transaction.application())
			.flatMap((alive) -> alive ? this.client.report(new ReportRequest(List.of(transaction), flatUsage))
					: Mono.error(new ThreeScaleUnavailableException("Usage is not reported, as 3scale is away", false,
							null)))
			.doOnSuccess((accepted) -> this.outage.accepted())
			.doOnError(ThreeScaleUnavailableException.class, (failure) -> this.outage.failed(failure, pending()));
	}

	private <T> Mono<T> inTime(Mono<T> request) {
		long left = this.endsAt - this.time.read();
		return (this.endsAt != Long.MAX_VALUE) ? request.contextWrite(Deadline.within(Duration.ofNanos(left)))
				: request;
	}

	private Delivery accepted(List<Counter> counters) {
		this.outage.accepted();
		this.counts.delivered(delivered(counters));
		return Delivery.COMPLETE;
	}

	/**
	 * Take counters out of the book and the spool, and return those that were not given
	 * up before.
	 */
	private List<Counter> delivered(List<Counter> counters) {
		long now = this.time.read();
		List<Counter> delivered = counters.stream()
			.filter((counter) -> counter.owner().delivered(counter, now))
			.toList();
		this.spool.remove(delivered);
		return delivered;
	}

	private Mono<Delivery> failed(List<Counter> counters, Throwable failure) {
		if (failure instanceof PartialReportException partial) {
			int accepted = counters.size() - partial.remaining().size();
			accepted(counters.subList(0, accepted));
			return failed(counters.subList(accepted, counters.size()), partial.failure());
		}
		return switch (ReportFailure.of(failure)) {
			case REJECTED -> rejected(counters, failure);
			case REFUSED -> Mono.just(refused(counters, failure, Delivery.FUTILE));
			case UNEXPLAINED -> Mono.just(refused(counters, failure, Delivery.INCOMPLETE));
			case UNSENT -> Mono.just(unsent(counters, failure));
			case AMBIGUOUS -> Mono.just(ambiguous(counters, failure));
		};
	}

	private Mono<Delivery> rejected(List<Counter> counters, Throwable failure) {
		this.outage.answered();
		if (counters.size() == 1) {
			giveUp(counters.get(0), Reason.REJECTED, ReportFailure.code(failure));
			return Mono.just(Delivery.COMPLETE);
		}
		int half = counters.size() / 2;
		List<Counter> rest = counters.subList(half, counters.size());
		return send(counters.subList(0, half)).flatMap((first) -> {
			if (first.isHalt()) {
				this.spool.putBack(rest);
				return Mono.just(first);
			}
			return send(rest).map(first::worse);
		});
	}

	private Delivery refused(List<Counter> counters, Throwable failure, Delivery delivery) {
		this.log.error("refused",
				() -> "Usage cannot be reported, and is kept for up to 23 hours: " + failure.getMessage());
		this.spool.putBack(counters);
		return delivery;
	}

	private Delivery unsent(List<Counter> counters, Throwable failure) {
		this.spool.putBack(counters);
		this.outage.failed(failure, pending());
		return Delivery.HALTED;
	}

	private Delivery ambiguous(List<Counter> counters, Throwable failure) {
		boolean drop = this.onAmbiguous == AmbiguousPolicy.DROP;
		List<Counter> ambiguous = counters.stream().filter((counter) -> counter.owner().isSending(counter)).toList();
		this.counts.ambiguous(ambiguous);
		this.log.warn("ambiguous",
				() -> ReportingCounts.units(ambiguous) + " units of usage may or may not have been counted, and are "
						+ (drop ? "not sent again" : "sent again") + ": " + failure.getMessage());
		if (drop) {
			delivered(ambiguous);
		}
		else {
			this.spool.putBack(ambiguous);
		}
		this.outage.failed(failure, pending());
		return (drop && this.spool.isDurable()) ? Delivery.FUTILE : Delivery.HALTED;
	}

	private String pending() {
		return this.counts.pendingUnits() + " units of usage";
	}

}

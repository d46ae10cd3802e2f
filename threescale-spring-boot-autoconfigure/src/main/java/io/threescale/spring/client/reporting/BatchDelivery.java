package io.threescale.spring.client.reporting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.threescale.spring.ErrorCode;
import io.threescale.spring.PartialReportException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Deadline;
import io.threescale.spring.client.QuietLog;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.reporting.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Takes counters out of the book, sends them in one request, and sorts out the answer:
 * accepted, put back, searched for the culprit, given up, or ambiguous.
 */
final class BatchDelivery {

	private final ReactiveThreeScaleClient client;

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

	BatchDelivery(ReactiveThreeScaleClient client, KnownApplications known, SpoolWriter spool, DeadLetters deadLetters,
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

	private void giveUp(Counter counter, Reason reason, @Nullable Throwable failure) {
		counter.owner().take(counter);
		if (counter.owner().discard(counter)) {
			this.spool.remove(List.of(counter));
			this.deadLetters.add(counter.transaction(), reason, (failure != null) ? ReportFailure.code(failure) : null);
		}
	}

	/**
	 * Find out whether 3scale is there, if the last report was not answered, by a
	 * question that does no harm.
	 * @param batch names the application to ask about
	 */
	Mono<Boolean> resume(List<Counter> batch) {
		if (!isHalted()) {
			return Mono.just(true);
		}
		AuthorizationRequest question = AuthorizationRequest.of(batch.get(0).owner().application(), Usage.NONE);
		return Mono.defer(() -> this.client.authorize(question))
			.thenReturn(true)
			.onErrorResume((failure) -> Mono.just(ReportFailure.isAnswer(failure)))
			.publishOn(this.scheduler)
			.doOnNext((alive) -> {
				if (alive) {
					this.outage.answered();
				}
			});
	}

	/**
	 * Send counters in one request, but for those that are not pending any more.
	 * @return how it went; does not fail
	 */
	Mono<Delivery> deliver(List<Counter> planned) {
		return Mono.defer(() -> this.known.knowsMetric(planned.get(0).key().metric()) ? take(planned) : ask(planned));
	}

	/**
	 * Find out whether 3scale has the metric of a batch: it accepts the report of any
	 * metric, and drops that of one which it does not have.
	 */
	private Mono<Delivery> ask(List<Counter> planned) {
		Counter first = planned.get(0);
		AuthorizationRequest question = AuthorizationRequest.of(first.owner().application(),
				Usage.of(first.key().metric(), 0));
		return inTime(Mono.defer(() -> this.client.authorize(question))).publishOn(this.scheduler)
			.doOnNext((answer) -> this.known.learn(question, answer))
			.map((answer) -> take(planned))
			.onErrorResume((failure) -> Mono.just(unasked(planned, failure)))
			.flatMap((delivery) -> delivery);
	}

	private Mono<Delivery> unasked(List<Counter> planned, Throwable failure) {
		if (failure instanceof ThreeScaleUnavailableException) {
			this.outage.failed(failure, pending());
			return Mono.just(Delivery.HALTED);
		}
		if (!ErrorCode.METRIC_INVALID.equals(ReportFailure.code(failure))) {
			return take(planned);
		}
		String missing = planned.get(0).key().metric();
		Map<Boolean, List<Counter>> byMissing = planned.stream()
			.collect(Collectors.partitioningBy((counter) -> counter.key().metric().equals(missing)));
		byMissing.getOrDefault(true, List.of()).forEach((counter) -> giveUp(counter, Reason.REJECTED, failure));
		return take(byMissing.getOrDefault(false, List.of()));
	}

	private Mono<Delivery> take(List<Counter> planned) {
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
			giveUp(counters.get(0), Reason.REJECTED, failure);
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

package io.threescale.spring.client.batch;

import java.util.List;

import io.threescale.spring.PartialReportException;
import io.threescale.spring.Transaction;
import io.threescale.spring.client.QuietLog;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.batch.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Takes aggregates to 3scale and sees to whatever comes of it.
 */
final class Courier {

	private final ReactiveThreeScaleClient client;

	private final UsageBuffer buffer;

	private final Ledger ledger;

	private final DeadLetters deadLetters;

	private final Tally tally;

	private final QuietLog log;

	private final AmbiguousPolicy onAmbiguous;

	private final Scheduler scheduler;

	Courier(ReactiveThreeScaleClient client, UsageBuffer buffer, Ledger ledger, DeadLetters deadLetters, Tally tally,
			QuietLog log, AmbiguousPolicy onAmbiguous, Scheduler scheduler) {
		this.client = client;
		this.buffer = buffer;
		this.ledger = ledger;
		this.deadLetters = deadLetters;
		this.tally = tally;
		this.log = log;
		this.onAmbiguous = onAmbiguous;
		this.scheduler = scheduler;
	}

	/**
	 * Deliver aggregates of one request, but for those that somebody else delivers
	 * already.
	 */
	Mono<Progress> deliver(List<Aggregate> planned) {
		return ship(planned, (sealed) -> {
			List<Aggregate> cleared = this.ledger.announce(sealed);
			if (cleared.size() == sealed.size()) {
				return send(sealed);
			}
			keep(sealed.stream().filter((aggregate) -> !cleared.contains(aggregate)).toList());
			return send(cleared).map(Progress.DELAYED::worse);
		});
	}

	/**
	 * Give up aggregates that 3scale would not take any more.
	 */
	Mono<Progress> bury(List<Aggregate> planned) {
		return ship(planned, (sealed) -> {
			discard(sealed).forEach((aggregate) -> bury(aggregate, Reason.OUTSIDE_WINDOW, null));
			return Mono.just(Progress.CLEAR);
		});
	}

	private Mono<Progress> ship(List<Aggregate> planned, Handling handling) {
		return Mono.using(() -> this.buffer.seal(planned),
				(shipment) -> handling.handle(shipment.aggregates()).doOnNext(shipment::went),
				(shipment) -> this.buffer.end(shipment, planned));
	}

	private Mono<Progress> send(List<Aggregate> sealed) {
		List<Aggregate> aggregates = unsettled(sealed);
		if (aggregates.isEmpty()) {
			return Mono.just(Progress.CLEAR);
		}
		boolean flatUsage = aggregates.get(0).slot().flatUsage();
		List<Transaction> transactions = aggregates.stream().map(Aggregate::transaction).toList();
		return Mono.defer(() -> this.client.report(new ReportRequest(transactions, flatUsage)))
			.publishOn(this.scheduler)
			.then(Mono.fromSupplier(() -> accepted(aggregates)))
			.onErrorResume((failure) -> failed(aggregates, failure));
	}

	private Progress accepted(List<Aggregate> aggregates) {
		this.tally.delivered(discard(aggregates));
		return Progress.CLEAR;
	}

	private Mono<Progress> failed(List<Aggregate> aggregates, Throwable failure) {
		if (failure instanceof PartialReportException partial) {
			int accepted = aggregates.size() - partial.remaining().size();
			accepted(aggregates.subList(0, accepted));
			return failed(aggregates.subList(accepted, aggregates.size()), partial.failure());
		}
		return switch (Verdict.of(failure)) {
			case REJECTED -> rejected(aggregates, failure);
			case REFUSED -> Mono.fromSupplier(() -> refused(aggregates, failure, Progress.HOPELESS));
			case UNEXPLAINED -> Mono.fromSupplier(() -> refused(aggregates, failure, Progress.DELAYED));
			case UNSENT -> Mono.fromSupplier(() -> keep(aggregates));
			case AMBIGUOUS -> Mono.fromSupplier(() -> ambiguous(aggregates, failure));
		};
	}

	private Mono<Progress> rejected(List<Aggregate> aggregates, Throwable failure) {
		if (aggregates.size() == 1) {
			discard(aggregates).forEach((aggregate) -> bury(aggregate, Reason.REJECTED, failure));
			return Mono.just(Progress.CLEAR);
		}
		int half = aggregates.size() / 2;
		List<Aggregate> rest = aggregates.subList(half, aggregates.size());
		return send(aggregates.subList(0, half)).flatMap((progress) -> {
			if (progress.isHalt()) {
				return Mono.just(keep(rest).worse(progress));
			}
			return send(rest).map(progress::worse);
		});
	}

	private void bury(Aggregate aggregate, Reason reason, @Nullable Throwable failure) {
		this.deadLetters.bury(aggregate.transaction(), reason, (failure != null) ? Verdict.code(failure) : null);
	}

	private Progress refused(List<Aggregate> aggregates, Throwable failure, Progress progress) {
		this.log.error("refused",
				() -> "Usage cannot be reported and is kept for up to 23 hours, as long as there is room: "
						+ failure.getMessage());
		keep(aggregates);
		return progress;
	}

	private Progress ambiguous(List<Aggregate> sealed, Throwable failure) {
		boolean drop = this.onAmbiguous == AmbiguousPolicy.DROP;
		List<Aggregate> aggregates = drop ? discard(sealed) : unsettled(sealed);
		this.tally.ambiguous(aggregates);
		this.log.warn("ambiguous",
				() -> Tally.units(aggregates) + " units of usage may or may not have been counted, and are "
						+ (drop ? "not sent again" : "sent again") + ": " + failure.getMessage());
		if (drop) {
			return this.ledger.isDurable() ? Progress.HOPELESS : Progress.HALTED;
		}
		return keep(aggregates);
	}

	private Progress keep(List<Aggregate> aggregates) {
		this.ledger.reinstate(unsettled(aggregates), this.buffer::putBack);
		return Progress.HALTED;
	}

	/**
	 * Leave aggregates alone that were given up when the application stopped.
	 */
	private static List<Aggregate> unsettled(List<Aggregate> aggregates) {
		return aggregates.stream().filter((aggregate) -> !aggregate.isSettled()).toList();
	}

	/**
	 * Take aggregates out of the buffer and the spool, and return those that were not
	 * given up before.
	 */
	private List<Aggregate> discard(List<Aggregate> aggregates) {
		List<Aggregate> settled = this.buffer.settle(aggregates);
		this.ledger.strike(settled);
		return settled;
	}

	/**
	 * What is done with aggregates once nobody else can touch them.
	 */
	@FunctionalInterface
	private interface Handling {

		Mono<Progress> handle(List<Aggregate> sealed);

	}

}

package io.threescale.spring.client.reporting;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.threescale.spring.PartialReportException;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Transaction;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.reporting.ApplicationUsage.Reservation;
import io.threescale.spring.client.reporting.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.util.Assert;

/**
 * Takes reports of callers: into the book, from which they are reported later, or, where
 * that has no room or the report sets a counter, to 3scale within the call.
 *
 * @param client reports within the call
 * @param book takes usage
 * @param sender delivers what comes before a counter is set
 * @param scheduler is told when a flush is due
 * @param window the times that 3scale takes
 * @param deadLetters take what is of another time
 * @param statistics count what is reported within the call
 * @param clock tells the time of usage that has none
 */
record ReportHandler(LearningThreeScaleClient client, UsageBook book, ReportSender sender, ReportScheduler scheduler,
		ReportWindow window, DeadLetters deadLetters, BatchingStatistics statistics, Clock clock) {

	/**
	 * Take all transactions of a request.
	 * @return completes at once, unless some of them have to be reported within the call
	 */
	Mono<Void> report(ReportRequest request) {
		return Mono.defer(() -> {
			for (Transaction transaction : request.transactions()) {
				Assert.isTrue(transaction.responseCode() == null || !transaction.usage().isEmpty(),
						"A transaction with a response code needs some usage, as 3scale drops it otherwise");
			}
			List<Transaction> rest = request.transactions()
				.stream()
				.map((transaction) -> take(transaction, request.flatUsage()))
				.filter(Objects::nonNull)
				.toList();
			this.scheduler.requestIfDue();
			return rest.isEmpty() ? Mono.empty() : reportNow(rest, request);
		});
	}

	/**
	 * Take the usage of a transaction, all of it or nothing.
	 * @return the transaction if it has to be reported within the call, or {@code null}
	 */
	private @Nullable Transaction take(Transaction transaction, boolean flatUsage) {
		Instant timestamp = transaction.timestamp();
		Instant time = (timestamp != null) ? timestamp : this.clock.instant();
		if (!transaction.usage().values().isEmpty()) {
			return transaction.at(time);
		}
		if (timestamp != null && this.window.isHopeless(timestamp)) {
			this.deadLetters.add(transaction, Reason.OUTSIDE_WINDOW, null);
			return null;
		}
		boolean taken = this.book.add(transaction.application(), transaction.usage(), time, transaction.responseCode(),
				flatUsage);
		return taken ? null : transaction.at(time);
	}

	/**
	 * A transaction that was not accepted.
	 */
	private record Failed(Transaction transaction, Throwable failure) {
	}

	/**
	 * Report transactions one by one, as an unknown application would void the others.
	 */
	private Mono<Void> reportNow(List<Transaction> transactions, ReportRequest request) {
		return Flux.fromIterable(transactions)
			.concatMap((transaction) -> reportNow(transaction, request.flatUsage()).<Failed>then(Mono.empty())
				.onErrorResume((failure) -> Mono.just(new Failed(transaction, failure))))
			.collectList()
			.flatMap((failed) -> failed.isEmpty() ? Mono.empty() : Mono.error(failure(failed, request)));
	}

	/**
	 * Tell of several transactions which ones were not accepted: the others must not be
	 * reported again.
	 */
	private static Throwable failure(List<Failed> failed, ReportRequest request) {
		Throwable first = failed.get(0).failure();
		int accepted = request.transactions().size() - failed.size();
		return (accepted > 0 && first instanceof ThreeScaleException failure)
				? new PartialReportException(accepted, failed.stream().map(Failed::transaction).toList(), failure)
				: first;
	}

	/**
	 * Report a transaction. What it sets counters to includes all that was used before.
	 */
	private Mono<Void> reportNow(Transaction transaction, boolean flatUsage) {
		this.statistics.countSynchronousReport();
		Mono<Void> report = reserving(transaction, send(transaction, flatUsage));
		boolean setsCounters = !transaction.usage().values().isEmpty();
		return setsCounters ? this.sender.deliver(transaction.application()).then(report) : report;
	}

	private Mono<Void> send(Transaction transaction, boolean flatUsage) {
		return this.client.isThere(transaction.application())
			.flatMap((there) -> there ? this.client.report(new ReportRequest(List.of(transaction), flatUsage)) : Mono
				.error(new ThreeScaleUnavailableException("Usage is not reported, as 3scale is away", false, null)));
	}

	/**
	 * Have the book know of usage while it is reported past it, and until 3scale shows
	 * it.
	 */
	private Mono<Void> reserving(Transaction transaction, Mono<Void> report) {
		if (!this.book.isOpen()) {
			return report;
		}
		Instant time = Objects.requireNonNull(transaction.timestamp());
		return Mono.usingWhen(Mono.fromSupplier(() -> reserve(transaction)), (reservation) -> report,
				(reservation) -> ended(reservation, time, true),
				(reservation, failure) -> ended(reservation, time,
						ReportFailure.of(failure) == ReportFailure.AMBIGUOUS),
				(reservation) -> ended(reservation, time, true));
	}

	private Reservation reserve(Transaction transaction) {
		return this.book.within(transaction.application(), (usage) -> usage.reserve(transaction.usage()));
	}

	private Mono<Void> ended(Reservation reservation, Instant time, boolean counted) {
		return Mono.fromRunnable(() -> {
			if (counted) {
				reservation.counted(time, this.book.time().read());
			}
			else {
				reservation.release();
			}
		});
	}

}

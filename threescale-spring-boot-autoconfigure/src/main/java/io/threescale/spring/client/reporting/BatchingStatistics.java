package io.threescale.spring.client.reporting;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import org.jetbrains.annotations.ApiStatus;

/**
 * What a batching client holds and has done since it was created, to be read by meters.
 * Units are the sums of usage amounts, over all metrics.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class BatchingStatistics {

	private final LongAdder successfulFlushes = new LongAdder();

	private final LongAdder failedFlushes = new LongAdder();

	private final LongAdder deliveredUnits = new LongAdder();

	private final LongAdder deadLetters = new LongAdder();

	private final LongAdder ambiguousUnits = new LongAdder();

	private final LongAdder lostUnits = new LongAdder();

	private final LongAdder synchronousReports = new LongAdder();

	private final LongAdder spoolFailures = new LongAdder();

	private final UsageBook book;

	private final Clock clock;

	BatchingStatistics(UsageBook book, Clock clock) {
		this.book = book;
		this.clock = clock;
	}

	void countFlush(boolean everything) {
		(everything ? this.successfulFlushes : this.failedFlushes).increment();
	}

	void countDelivered(Collection<Counter> counters) {
		this.deliveredUnits.add(undecidedUnits(counters));
	}

	void countAmbiguous(Collection<Counter> counters) {
		countAmbiguous(counters.stream().mapToLong(Counter::becomeAmbiguous).sum());
	}

	void countAmbiguous(long units) {
		this.ambiguousUnits.add(units);
	}

	/**
	 * Count what is lost of counters.
	 * @param kept how many units of each are kept
	 */
	void countLost(Map<Counter, Long> kept) {
		kept.forEach(
				(counter, units) -> this.lostUnits.add(Math.min(counter.units() - units, counter.undecidedUnits())));
	}

	private static long undecidedUnits(Collection<Counter> counters) {
		return counters.stream().mapToLong(Counter::undecidedUnits).sum();
	}

	void countDeadLetter() {
		this.deadLetters.increment();
	}

	void countSynchronousReport() {
		this.synchronousReports.increment();
	}

	void countSpoolFailure() {
		this.spoolFailures.increment();
	}

	/**
	 * Return how many counters wait to be reported, those being sent included.
	 * @return the number of counters
	 */
	public int pendingCounters() {
		return this.book.size();
	}

	/**
	 * Return how much usage waits to be reported. Visits every counter.
	 * @return the units
	 */
	public long pendingUnits() {
		AtomicLong units = new AtomicLong();
		this.book.forEachOpen((counter) -> units.addAndGet(counter.units()));
		return units.get();
	}

	/**
	 * Return how long the oldest usage has been waiting. Visits every counter.
	 * @return the age, zero if nothing waits
	 */
	public Duration oldestPendingAge() {
		long now = this.clock.millis();
		AtomicLong oldest = new AtomicLong(now);
		this.book.forEachOpen((counter) -> oldest.accumulateAndGet(counter.since(), Math::min));
		return Duration.ofMillis(now - oldest.get());
	}

	/**
	 * Return how many flushes delivered all they had.
	 * @return the number of flushes
	 */
	public long successfulFlushes() {
		return this.successfulFlushes.sum();
	}

	/**
	 * Return how many flushes left something behind to be retried.
	 * @return the number of flushes
	 */
	public long failedFlushes() {
		return this.failedFlushes.sum();
	}

	/**
	 * Return how much usage of the book 3scale has accepted.
	 * @return the units
	 */
	public long deliveredUnits() {
		return this.deliveredUnits.sum();
	}

	/**
	 * Return how many counters and transactions became dead letters.
	 * @return the number of dead letters
	 */
	public long deadLetters() {
		return this.deadLetters.sum();
	}

	/**
	 * Return how much usage may or may not have been counted, as it was sent and not
	 * answered for, or about to be sent when an earlier process died. Under
	 * {@link AmbiguousPolicy#DROP} it is not sent again, under
	 * {@link AmbiguousPolicy#RETRY} it is.
	 * @return the units
	 */
	public long ambiguousUnits() {
		return this.ambiguousUnits.sum();
	}

	/**
	 * Return how much usage was given up when the client stopped without a spool.
	 * @return the units
	 */
	public long lostUnits() {
		return this.lostUnits.sum();
	}

	/**
	 * Return how many transactions went to 3scale within the call, because the book was
	 * full or closed, or because they set a counter of 3scale.
	 * @return the number of transactions
	 */
	public long synchronousReports() {
		return this.synchronousReports.sum();
	}

	/**
	 * Return how often the spool could not be written.
	 * @return the number of failures
	 */
	public long spoolFailures() {
		return this.spoolFailures.sum();
	}

}

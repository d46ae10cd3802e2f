package io.threescale.spring.client.reporting;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what becomes of usage.
 */
final class ReportingCounts implements BatchingStatistics {

	private final LongAdder successfulFlushes = new LongAdder();

	private final LongAdder failedFlushes = new LongAdder();

	private final LongAdder deliveredUnits = new LongAdder();

	private final LongAdder deadLetters = new LongAdder();

	private final LongAdder ambiguousCounters = new LongAdder();

	private final LongAdder ambiguousUnits = new LongAdder();

	private final LongAdder lostUnits = new LongAdder();

	private final LongAdder synchronousReports = new LongAdder();

	private final LongAdder spoolFailures = new LongAdder();

	private final UsageBook book;

	private final Clock clock;

	ReportingCounts(UsageBook book, Clock clock) {
		this.book = book;
		this.clock = clock;
	}

	void flushed(boolean everything) {
		(everything ? this.successfulFlushes : this.failedFlushes).increment();
	}

	void delivered(Collection<Counter> counters) {
		this.deliveredUnits.add(counters.stream().mapToLong(Counter::undecidedUnits).sum());
	}

	void ambiguous(Collection<Counter> counters) {
		ambiguous(counters.size(), counters.stream().mapToLong(Counter::becomeAmbiguous).sum());
	}

	void ambiguous(int counters, long units) {
		this.ambiguousCounters.add(counters);
		this.ambiguousUnits.add(units);
	}

	void lost(Collection<Counter> counters) {
		this.lostUnits.add(counters.stream().mapToLong(Counter::undecidedUnits).sum());
	}

	void dead() {
		this.deadLetters.increment();
	}

	void synchronous() {
		this.synchronousReports.increment();
	}

	void spoolFailed() {
		this.spoolFailures.increment();
	}

	static long units(Collection<Counter> counters) {
		return counters.stream().mapToLong(Counter::units).sum();
	}

	@Override
	public int pendingAggregates() {
		return this.book.size();
	}

	@Override
	public long pendingUnits() {
		AtomicLong units = new AtomicLong();
		this.book.applications().forEach((usage) -> usage.forEachOpen((counter) -> units.addAndGet(counter.units())));
		return units.get();
	}

	@Override
	public Duration oldestPendingAge() {
		long now = this.clock.millis();
		AtomicLong oldest = new AtomicLong(now);
		this.book.applications()
			.forEach((usage) -> usage.forEachOpen((counter) -> oldest.accumulateAndGet(counter.since(), Math::min)));
		return Duration.ofMillis(now - oldest.get());
	}

	@Override
	public long successfulFlushes() {
		return this.successfulFlushes.sum();
	}

	@Override
	public long failedFlushes() {
		return this.failedFlushes.sum();
	}

	@Override
	public long deliveredUnits() {
		return this.deliveredUnits.sum();
	}

	@Override
	public long deadLetters() {
		return this.deadLetters.sum();
	}

	@Override
	public long ambiguousAggregates() {
		return this.ambiguousCounters.sum();
	}

	@Override
	public long ambiguousUnits() {
		return this.ambiguousUnits.sum();
	}

	@Override
	public long lostUnits() {
		return this.lostUnits.sum();
	}

	@Override
	public long synchronousReports() {
		return this.synchronousReports.sum();
	}

	@Override
	public long spoolFailures() {
		return this.spoolFailures.sum();
	}

}

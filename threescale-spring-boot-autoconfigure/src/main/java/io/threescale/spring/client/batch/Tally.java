package io.threescale.spring.client.batch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what becomes of usage.
 */
final class Tally implements BatchingStatistics {

	private final LongAdder successfulFlushes = new LongAdder();

	private final LongAdder failedFlushes = new LongAdder();

	private final LongAdder deliveredUnits = new LongAdder();

	private final LongAdder deadLetters = new LongAdder();

	private final LongAdder ambiguousAggregates = new LongAdder();

	private final LongAdder ambiguousUnits = new LongAdder();

	private final LongAdder lostUnits = new LongAdder();

	private final LongAdder synchronousReports = new LongAdder();

	private final LongAdder spoolFailures = new LongAdder();

	private final UsageBuffer buffer;

	private final Clock clock;

	Tally(UsageBuffer buffer, Clock clock) {
		this.buffer = buffer;
		this.clock = clock;
	}

	void flushed(boolean everything) {
		(everything ? this.successfulFlushes : this.failedFlushes).increment();
	}

	void delivered(Collection<Aggregate> aggregates) {
		this.deliveredUnits.add(units(aggregates));
	}

	void ambiguous(Collection<Aggregate> aggregates) {
		this.ambiguousAggregates.add(aggregates.size());
		this.ambiguousUnits.add(units(aggregates));
	}

	void lost(Collection<Aggregate> aggregates) {
		this.lostUnits.add(units(aggregates));
	}

	void buried() {
		this.deadLetters.increment();
	}

	void synchronous() {
		this.synchronousReports.increment();
	}

	void spoolFailed() {
		this.spoolFailures.increment();
	}

	static long units(Collection<Aggregate> aggregates) {
		return aggregates.stream().mapToLong(Aggregate::units).sum();
	}

	@Override
	public int pendingAggregates() {
		return this.buffer.size();
	}

	@Override
	public long pendingUnits() {
		return units(this.buffer.applications().unsettled());
	}

	@Override
	public Duration oldestPendingAge() {
		Instant now = this.clock.instant();
		Instant oldest = this.buffer.applications()
			.unsettled()
			.stream()
			.map(Aggregate::since)
			.min(Instant::compareTo)
			.orElse(now);
		return oldest.isBefore(now) ? Duration.between(oldest, now) : Duration.ZERO;
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
		return this.ambiguousAggregates.sum();
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

package io.threescale.spring.client;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jetbrains.annotations.ApiStatus;

/**
 * Time that never goes back, in nanoseconds from an arbitrary start: for intervals, for
 * the order of events, and for what expires. It follows a monotonic clock. Where the wall
 * clock runs further, as when the machine was suspended, it follows that.
 */
@ApiStatus.Internal
public final class SteadyTime {

	/** Differences below are those of two clocks that are read one after the other. */
	private static final long STEP = TimeUnit.SECONDS.toNanos(1);

	private final Clock wallClock;

	private final LongSupplier monotonicClock;

	private final long start;

	/** When the wall clock would have started if it had never been set back. */
	private volatile long wallStart;

	/** How much further the wall clock has run. */
	private volatile long lead;

	/**
	 * Create the time.
	 * @param wallClock tells the time of day, and may be set
	 * @param monotonicClock tells how many nanoseconds have passed while the machine was
	 * awake
	 */
	public SteadyTime(Clock wallClock, LongSupplier monotonicClock) {
		this.wallClock = wallClock;
		this.monotonicClock = monotonicClock;
		this.start = monotonicClock.getAsLong();
		this.wallStart = wall();
	}

	/**
	 * Read the time.
	 * @return nanoseconds from an arbitrary start
	 */
	public long read() {
		long elapsed = this.monotonicClock.getAsLong() - this.start;
		long lead = wall() - this.wallStart - elapsed;
		if (Math.abs(lead - this.lead) > STEP) {
			adjust(lead);
		}
		return elapsed + this.lead;
	}

	private synchronized void adjust(long lead) {
		if (lead > this.lead) {
			this.lead = lead;
		}
		else {
			this.wallStart -= this.lead - lead;
		}
	}

	private long wall() {
		return TimeUnit.MILLISECONDS.toNanos(this.wallClock.millis());
	}

}

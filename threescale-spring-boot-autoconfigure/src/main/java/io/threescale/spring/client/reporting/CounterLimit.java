package io.threescale.spring.client.reporting;

import java.util.concurrent.atomic.AtomicInteger;

import org.jetbrains.annotations.ApiStatus;

/**
 * Bounds the memory that usage takes: the number of counters 3scale has not accepted, and
 * as many that it may not show yet, of all services together. Applications that 3scale is
 * not known to have get a small share of it, so that made-up keys take no room from real
 * callers.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class CounterLimit {

	private static final int SHARE_OF_UNKNOWN = 10;

	private final AtomicInteger counters = new AtomicInteger();

	private final AtomicInteger ofUnknown = new AtomicInteger();

	private final AtomicInteger unconfirmed = new AtomicInteger();

	private final int max;

	private final int maxOfUnknown;

	/**
	 * Create a limit.
	 * @param max how many counters there may be
	 */
	public CounterLimit(int max) {
		this.max = max;
		this.maxOfUnknown = Math.max(1, max / SHARE_OF_UNKNOWN);
	}

	boolean acquire(int count, boolean known) {
		if (!known && !acquire(this.ofUnknown, count, this.maxOfUnknown)) {
			return false;
		}
		if (acquire(this.counters, count, this.max)) {
			return true;
		}
		if (!known) {
			this.ofUnknown.addAndGet(-count);
		}
		return false;
	}

	private static boolean acquire(AtomicInteger taken, int count, int max) {
		if (count == 0 || taken.addAndGet(count) <= max) {
			return true;
		}
		taken.addAndGet(-count);
		return false;
	}

	/**
	 * Count what has to be kept in any case.
	 */
	void force(int count, boolean known) {
		this.counters.addAndGet(count);
		if (!known) {
			this.ofUnknown.addAndGet(count);
		}
	}

	void release(int count, boolean known) {
		force(-count, known);
	}

	/**
	 * Count counters that were delivered, and may not show yet.
	 */
	void unconfirmed(int count) {
		this.unconfirmed.addAndGet(count);
	}

	boolean isReached() {
		return this.counters.get() >= this.max || this.unconfirmed.get() >= this.max;
	}

}

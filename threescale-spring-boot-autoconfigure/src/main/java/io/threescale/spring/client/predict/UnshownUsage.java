package io.threescale.spring.client.predict;

import java.time.Instant;

/**
 * Own usage 3scale may not show yet: it may not have arrived, or not be counted.
 */
final class UnshownUsage {

	private final long[] amounts;

	private Instant deliveredAt = Instant.MAX;

	private boolean undecided;

	UnshownUsage(int limits, boolean undecided) {
		this.amounts = new long[limits];
		this.undecided = undecided;
	}

	void add(long[] demand) {
		for (int i = 0; i < demand.length; i++) {
			this.amounts[i] += Math.max(0, demand[i]);
		}
	}

	void add(UnshownUsage other) {
		add(other.amounts);
	}

	long amount(int limit) {
		return this.amounts[limit];
	}

	/**
	 * Forget what belongs to a period that is over. What 3scale is still deciding about
	 * may be counted in the next.
	 */
	void roll(int limit) {
		if (!this.undecided) {
			this.amounts[limit] = 0;
		}
	}

	void deliveredAt(Instant deliveredAt) {
		this.undecided = false;
		this.deliveredAt = deliveredAt;
	}

	boolean isShownAt(Instant settled) {
		return !this.deliveredAt.isAfter(settled);
	}

}

package io.threescale.spring.client.predict;

import java.time.Instant;

/**
 * Own usage 3scale may not show yet: it may not have arrived, or not be counted.
 */
final class UnshownUsage {

	private final long[] amounts;

	private Instant deliveredAt = Instant.MAX;

	UnshownUsage(int limits) {
		this.amounts = new long[limits];
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

	void roll(int limit) {
		this.amounts[limit] = 0;
	}

	void deliveredAt(Instant deliveredAt) {
		this.deliveredAt = deliveredAt;
	}

	boolean isShownAt(Instant settled) {
		return !this.deliveredAt.isAfter(settled);
	}

}

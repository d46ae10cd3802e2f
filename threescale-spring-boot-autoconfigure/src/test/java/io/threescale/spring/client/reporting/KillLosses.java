package io.threescale.spring.client.reporting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.threescale.spring.client.reporting.KillCounters.Counter;

/**
 * Works out what each kill has cost.
 */
final class KillLosses {

	private final KillCounters counters;

	private final List<Long> exact = new ArrayList<>();

	private long begin;

	private long nanos;

	private long missing;

	private long ambiguous;

	private long inherited;

	private long acknowledged;

	KillLosses(KillCounters counters) {
		this.counters = counters;
	}

	/**
	 * Compare what was acknowledged until the kill with what was counted or has come
	 * back. Only where nothing was ambiguous is that the loss itself.
	 */
	void restarted(long counted) {
		long inherited = this.counters.get(Counter.INHERITED);
		long ambiguous = this.counters.get(Counter.AMBIGUOUS);
		long missing = this.acknowledged - counted - (inherited - this.inherited);
		if (this.nanos > 0 && ambiguous == this.ambiguous) {
			this.exact.add(missing - this.missing);
		}
		this.missing = missing;
		this.ambiguous = ambiguous;
		this.inherited = inherited;
		this.begin = System.nanoTime();
	}

	void killed() {
		this.nanos += System.nanoTime() - this.begin;
		this.acknowledged = this.counters.get(Counter.ACKNOWLEDGED);
	}

	long missing(long counted) {
		return this.acknowledged - counted;
	}

	long unitsOf(Duration duration) {
		return (long) (rate() * duration.toMillis() / 1e3);
	}

	private double rate() {
		return this.acknowledged / (this.nanos / 1e9);
	}

	String summary(long counted, int requests) {
		double rate = rate();
		return String.format(
				"%d acknowledged at %.0f/s, %d counted in %d requests, %d missing, %d of them ambiguous; "
						+ "%d kills without ambiguity cost %.0f ms of load on average, %.0f ms at most",
				this.acknowledged, rate, counted, requests, missing(counted), this.counters.get(Counter.AMBIGUOUS),
				this.exact.size(), 1e3 * this.exact.stream().mapToLong(Long::longValue).average().orElse(0) / rate,
				1e3 * this.exact.stream().mapToLong(Long::longValue).max().orElse(0) / rate);
	}

}

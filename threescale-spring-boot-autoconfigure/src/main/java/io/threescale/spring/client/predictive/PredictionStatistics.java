package io.threescale.spring.client.predictive;

import java.util.concurrent.atomic.LongAdder;

/**
 * How decisions came about.
 *
 * @since 0.1.0
 */
public final class PredictionStatistics {

	private final LongAdder local = new LongAdder();

	private final LongAdder backend = new LongAdder();

	private final LongAdder lastKnown = new LongAdder();

	private final KnownLimits limits;

	PredictionStatistics(KnownLimits limits) {
		this.limits = limits;
	}

	void countLocal() {
		this.local.increment();
	}

	void countBackend() {
		this.backend.increment();
	}

	void countLastKnown() {
		this.lastKnown.increment();
	}

	/**
	 * Return how many calls were decided in the process.
	 * @return the number since start
	 */
	public long localDecisions() {
		return this.local.sum();
	}

	/**
	 * Return how many calls 3scale decided.
	 * @return the number since start
	 */
	public long backendDecisions() {
		return this.backend.sum();
	}

	/**
	 * Return how many calls were decided by an answer that was too old, as there was no
	 * other.
	 * @return the number since start
	 */
	public long lastKnownDecisions() {
		return this.lastKnown.sum();
	}

	/**
	 * Return how many applications are remembered.
	 * @return the number now, approximately
	 */
	public long applications() {
		return this.limits.size();
	}

	/**
	 * Return how often an application was remembered when it called.
	 * @return the rate since start, from 0 to 1
	 */
	public double hitRate() {
		return this.limits.hitRate();
	}

}

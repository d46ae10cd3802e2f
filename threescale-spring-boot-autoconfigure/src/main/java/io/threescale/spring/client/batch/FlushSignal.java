package io.threescale.spring.client.batch;

/**
 * Says when so much is pending that a flush should not wait for its time.
 */
final class FlushSignal {

	private final int maxAggregates;

	private final long maxUnits;

	private volatile Runnable receiver = () -> {
	};

	FlushSignal(int maxAggregates, long maxUnits) {
		this.maxAggregates = maxAggregates;
		this.maxUnits = maxUnits;
	}

	void connect(Runnable receiver) {
		this.receiver = receiver;
	}

	void begun(int aggregates, long units) {
		if (aggregates >= this.maxAggregates || units >= this.maxUnits) {
			this.receiver.run();
		}
	}

	void added(long units, long sum) {
		if (sum >= this.maxUnits && sum - units < this.maxUnits) {
			this.receiver.run();
		}
	}

}

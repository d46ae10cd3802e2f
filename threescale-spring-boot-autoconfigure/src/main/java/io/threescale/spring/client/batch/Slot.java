package io.threescale.spring.client.batch;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What usage of one application must have in common to be added up.
 *
 * @param metric the system name of the metric
 * @param minute the minute in which it was used, in minutes since the epoch
 * @param responseCode the status to be counted with it, or 0
 * @param flatUsage whether 3scale is not to add it to ancestors
 * @param generation 0 where usage is added; the id of an aggregate whose place another
 * has taken, as it came back unsent or is full
 */
record Slot(String metric, long minute, int responseCode, boolean flatUsage, long generation) {

	private static final int SECONDS = 60;

	static Slot of(String metric, Instant time, @Nullable Integer responseCode, boolean flatUsage) {
		return new Slot(metric, Math.floorDiv(time.getEpochSecond(), SECONDS),
				(responseCode != null) ? responseCode : 0, flatUsage, 0);
	}

	Slot ofGeneration(long generation) {
		return new Slot(this.metric, this.minute, this.responseCode, this.flatUsage, generation);
	}

	Instant time() {
		return Instant.ofEpochSecond(this.minute * SECONDS);
	}

	@Nullable Integer code() {
		return (this.responseCode != 0) ? this.responseCode : null;
	}

}

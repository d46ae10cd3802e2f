package io.threescale.spring.client.reporting;

import java.time.Duration;

import org.jetbrains.annotations.ApiStatus;

/**
 * When usage is reported, and what happens if that fails.
 *
 * @param flushInterval how long usage waits at most while 3scale answers; spread by a
 * tenth, so that instances do not report all at once. Zero if it is reported at once, as
 * where 3scale itself decides about all calls
 * @param batchSize how many transactions share a request, up to 1000, as four parameters
 * of each must stay below the 4096 that 3scale reads; and how many counters are worth a
 * flush before its time
 * @param flushUnits the sum at which one counter is worth a flush before its time
 * @param onAmbiguous what becomes of usage that was sent but not answered for
 * @param initialBackoff how long to wait after a failed flush
 * @param maxBackoff how long to wait after many failed flushes
 * @param knownFor how long an application that was authorized, and a metric that was used
 * in that, is trusted not to void the reports of others
 * @param settleTime how long 3scale may take to count what it has accepted
 * @param maxApplications how many applications are remembered as known to 3scale
 * @param spoolInterval how often usage is written to the spool, and so how much is lost
 * when the process is killed
 * @since 0.1.0
 */
@ApiStatus.Internal
public record BatchingSettings(Duration flushInterval, int batchSize, long flushUnits, AmbiguousPolicy onAmbiguous,
		Duration initialBackoff, Duration maxBackoff, Duration knownFor, Duration settleTime, long maxApplications,
		Duration spoolInterval) {

	/**
	 * Return settings fit for most: a flush every 10 seconds or 500 counters, ambiguous
	 * reports not repeated.
	 * @return the settings
	 */
	public static BatchingSettings defaults() {
		return new BatchingSettings(Duration.ofSeconds(10), 500, 100_000, AmbiguousPolicy.DROP, Duration.ofSeconds(1),
				Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofSeconds(2), 100_000, Duration.ofMillis(100));
	}

	/**
	 * Return the same settings for usage that does not wait for others.
	 * @return settings with a flush interval of zero
	 */
	public BatchingSettings immediate() {
		return new BatchingSettings(Duration.ZERO, this.batchSize, this.flushUnits, this.onAmbiguous,
				this.initialBackoff, this.maxBackoff, this.knownFor, this.settleTime, this.maxApplications,
				this.spoolInterval);
	}

	/**
	 * Tell whether usage is reported at once.
	 * @return whether only what is used while a report is under way shares the next one
	 */
	public boolean isImmediate() {
		return this.flushInterval.isZero();
	}

}

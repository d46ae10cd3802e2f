package io.threescale.spring.client.reporting;

import java.time.Duration;
import java.util.Objects;

import org.jetbrains.annotations.ApiStatus;

import org.springframework.util.Assert;

/**
 * When usage is reported, and what happens if that fails.
 *
 * @param flushInterval how long usage waits at most while 3scale answers; spread by a
 * tenth, so that instances do not report all at once. Zero if it is reported at once, as
 * where 3scale itself decides about all calls
 * @param batchSize how many transactions share a request, and how many counters are worth
 * a flush before its time
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

	/** Four parameters each stay below the 4096 that 3scale reads. */
	private static final int MAX_BATCH_SIZE = 1000;

	public BatchingSettings {
		Assert.isTrue(!flushInterval.isNegative(),
				() -> "'flushInterval' must not be negative, unlike " + flushInterval);
		Assert.isTrue(batchSize > 0 && batchSize <= MAX_BATCH_SIZE, () -> "'batchSize' must be between 1 and "
				+ MAX_BATCH_SIZE + ", as 3scale reads 4096 parameters a request, not " + batchSize);
		Assert.isTrue(flushUnits > 0, () -> "'flushUnits' must be positive, not " + flushUnits);
		Objects.requireNonNull(onAmbiguous, "'onAmbiguous' must not be null");
		requirePositive(initialBackoff, "initialBackoff");
		Assert.isTrue(maxBackoff.compareTo(initialBackoff) >= 0,
				() -> "'maxBackoff' must not be below 'initialBackoff', but " + maxBackoff + " is below "
						+ initialBackoff);
		requirePositive(knownFor, "knownFor");
		Assert.isTrue(!settleTime.isNegative(), () -> "'settleTime' must not be negative, unlike " + settleTime);
		Assert.isTrue(maxApplications > 0, () -> "'maxApplications' must be positive, not " + maxApplications);
		requirePositive(spoolInterval, "spoolInterval");
	}

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

	private static void requirePositive(Duration duration, String name) {
		Assert.isTrue(!duration.isNegative() && !duration.isZero(),
				() -> "'" + name + "' must be positive, not " + duration);
	}

}

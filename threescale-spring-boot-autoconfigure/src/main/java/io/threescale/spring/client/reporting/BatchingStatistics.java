package io.threescale.spring.client.reporting;

import java.time.Duration;

import org.jetbrains.annotations.ApiStatus;

/**
 * What a batching client holds and has done since it was created, to be read by meters.
 * Units are the sums of usage amounts, over all metrics.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public interface BatchingStatistics {

	/**
	 * Return how many sums wait to be reported, those being sent included.
	 * @return the number of aggregates
	 */
	int pendingAggregates();

	/**
	 * Return how much usage waits to be reported. Visits every aggregate.
	 * @return the units
	 */
	long pendingUnits();

	/**
	 * Return how long the oldest usage has been waiting. Visits every aggregate.
	 * @return the age, zero if nothing waits
	 */
	Duration oldestPendingAge();

	/**
	 * Return how many flushes delivered all they had.
	 * @return the number of flushes
	 */
	long successfulFlushes();

	/**
	 * Return how many flushes left something behind to be retried.
	 * @return the number of flushes
	 */
	long failedFlushes();

	/**
	 * Return how much usage 3scale has accepted from the buffer.
	 * @return the units
	 */
	long deliveredUnits();

	/**
	 * Return how many aggregates became dead letters.
	 * @return the number of dead letters
	 */
	long deadLetters();

	/**
	 * Return how many aggregates were sent and not answered for, or were about to be sent
	 * when an earlier process died.
	 * @return the number of aggregates
	 */
	long ambiguousAggregates();

	/**
	 * Return how much usage may or may not have been counted. Under
	 * {@link AmbiguousPolicy#DROP} it is not sent again, under
	 * {@link AmbiguousPolicy#RETRY} it is.
	 * @return the units
	 */
	long ambiguousUnits();

	/**
	 * Return how much usage was given up when the client stopped without a spool.
	 * @return the units
	 */
	long lostUnits();

	/**
	 * Return how many transactions went to 3scale within the call, because the buffer was
	 * full, or closed.
	 * @return the number of transactions
	 */
	long synchronousReports();

	/**
	 * Return how often the spool could not be written.
	 * @return the number of failures
	 */
	long spoolFailures();

}

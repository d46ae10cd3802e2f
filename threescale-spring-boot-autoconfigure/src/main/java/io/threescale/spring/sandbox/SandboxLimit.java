package io.threescale.spring.sandbox;

import java.util.List;

import io.threescale.spring.Period;

/**
 * How much of a metric a plan allows in one calendar period.
 *
 * @param metric the system name of the metric
 * @param period the calendar period, in UTC
 * @param max the most that is allowed; 0 switches the metric off
 * @since 0.1.0
 */
public record SandboxLimit(String metric, Period period, long max) {

	/** From the longest to the shortest, which is how a plan's limits are listed. */
	static final List<Period> PERIODS = List.of(Period.ETERNITY, Period.YEAR, Period.MONTH, Period.WEEK, Period.DAY,
			Period.HOUR, Period.MINUTE);

	public SandboxLimit {
		Described.required(metric, "A sandbox limit needs a 'metric', such as 'hits'");
		if (period == null || !PERIODS.contains(period)) {
			throw new IllegalArgumentException("The limit of metric '" + metric + "' has the period '" + period
					+ "', which 3scale does not have: use one of " + PERIODS);
		}
		if (max < 0) {
			throw new IllegalArgumentException("The limit of metric '" + metric + "' a " + period + " is " + max
					+ ": use 0 to switch the metric off, or leave the limit out to allow everything");
		}
	}

	/**
	 * Describe a limit.
	 * @param metric the system name of the metric
	 * @param period the calendar period
	 * @param max the most that is allowed
	 * @return the limit
	 */
	public static SandboxLimit of(String metric, Period period, long max) {
		return new SandboxLimit(metric, period, max);
	}

}

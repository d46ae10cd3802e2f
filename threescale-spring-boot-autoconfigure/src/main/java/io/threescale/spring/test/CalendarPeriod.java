package io.threescale.spring.test;

import java.util.Locale;

import io.threescale.spring.Period;

/**
 * The periods of limits, as annotations can name them.
 *
 * @since 0.1.0
 * @see Period
 */
public enum CalendarPeriod {

	/** A minute of the clock. */
	MINUTE,

	/** An hour of the clock. */
	HOUR,

	/** A day in UTC. */
	DAY,

	/** A week in UTC, from Monday. */
	WEEK,

	/** A month in UTC. */
	MONTH,

	/** A year in UTC. */
	YEAR,

	/** All time. */
	ETERNITY;

	Period period() {
		return new Period(name().toLowerCase(Locale.ROOT));
	}

}

package io.threescale.spring;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The calendar period a limit applies to. Periods are whole calendar units in UTC, weeks
 * start on Monday, and {@link #ETERNITY} never ends
 * ({@code 3scale/apisonator:lib/3scale/backend/period.rb}). A period this version does
 * not know keeps its name.
 *
 * @param name the name 3scale uses on the wire, such as {@code minute}
 * @since 0.1.0
 */
public record Period(String name) {

	public static final Period MINUTE = new Period("minute");

	public static final Period HOUR = new Period("hour");

	public static final Period DAY = new Period("day");

	public static final Period WEEK = new Period("week");

	public static final Period MONTH = new Period("month");

	public static final Period YEAR = new Period("year");

	public static final Period ETERNITY = new Period("eternity");

	public Period {
		Objects.requireNonNull(name, "'name' must not be null");
		name = name.toLowerCase(Locale.ROOT);
	}

	/**
	 * Return the window of this period an instant falls into.
	 * @param instant the instant to look at
	 * @return the window, or {@code null} for {@link #ETERNITY} and unknown periods,
	 * which have no end
	 */
	public @Nullable PeriodWindow windowAt(Instant instant) {
		ZonedDateTime time = instant.atZone(ZoneOffset.UTC);
		ZonedDateTime day = time.truncatedTo(ChronoUnit.DAYS);
		return switch (this.name) {
			case "minute" -> window(time.truncatedTo(ChronoUnit.MINUTES), ChronoUnit.MINUTES);
			case "hour" -> window(time.truncatedTo(ChronoUnit.HOURS), ChronoUnit.HOURS);
			case "day" -> window(day, ChronoUnit.DAYS);
			case "week" -> window(day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)), ChronoUnit.WEEKS);
			case "month" -> window(day.withDayOfMonth(1), ChronoUnit.MONTHS);
			case "year" -> window(day.withDayOfYear(1), ChronoUnit.YEARS);
			default -> null;
		};
	}

	private static PeriodWindow window(ZonedDateTime start, ChronoUnit length) {
		return new PeriodWindow(start.toInstant(), start.plus(1, length).toInstant());
	}

	@Override
	public String toString() {
		return this.name;
	}

}

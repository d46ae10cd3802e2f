package io.threescale.spring.sandbox;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.threescale.spring.ErrorCode;

import org.jspecify.annotations.Nullable;

/**
 * Reads the timestamp of a transaction: a time in UTC unless it has an offset, or UNIX
 * seconds. What cannot be read is the time of the call; what is too far off is refused
 * ({@code 3scale/apisonator:lib/3scale/backend/transaction.rb}).
 */
final class TransactionTime {

	private static final Duration OLDEST = Duration.ofSeconds(86_400);

	private static final Duration NEWEST = Duration.ofSeconds(3_600);

	// More digits than these are no time a calendar could hold.
	private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,15}");

	private static final Pattern DATE = Pattern.compile("([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})"
			+ "(?:[T ]+([0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,9})?)?) ?([-+][0-9]{2}:?[0-9]{2})?)?.*");

	private TransactionTime() {
	}

	static Instant read(@Nullable String text, Instant now) {
		Instant time = parse((text != null) ? text.strip() : "", now);
		if (time.isBefore(now.minus(OLDEST))) {
			throw new Refusal(400, new ErrorCode("transaction_timestamp_too_old"),
					"reporting transactions older than 86400 seconds is not allowed");
		}
		if (time.isAfter(now.plus(NEWEST))) {
			throw new Refusal(400, new ErrorCode("transaction_timestamp_too_new"),
					"reporting transactions more than 3600 seconds in the future is not allowed");
		}
		return time;
	}

	private static Instant parse(String text, Instant now) {
		if (SECONDS.matcher(text).matches()) {
			return Instant.ofEpochSecond(Long.parseLong(text));
		}
		Matcher date = DATE.matcher(text);
		try {
			return date.matches() ? instant(date) : now;
		}
		catch (DateTimeException ex) {
			return now;
		}
	}

	private static Instant instant(Matcher date) {
		LocalDate day = LocalDate.of(Integer.parseInt(date.group(1)), Integer.parseInt(date.group(2)),
				Integer.parseInt(date.group(3)));
		String time = date.group(4);
		String padded = (time != null && time.indexOf(':') == 1) ? "0" + time : time;
		LocalTime clock = (padded != null) ? LocalTime.parse(padded) : LocalTime.MIDNIGHT;
		String offset = date.group(5);
		return day.atTime(clock).toInstant((offset != null) ? ZoneOffset.of(offset) : ZoneOffset.UTC);
	}

}

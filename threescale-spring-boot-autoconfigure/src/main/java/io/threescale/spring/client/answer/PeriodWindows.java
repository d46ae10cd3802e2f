package io.threescale.spring.client.answer;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

import io.threescale.spring.PeriodWindow;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ConcurrentLruCache;

/**
 * Reads the windows of periods. They are those of the calendar, so that all applications
 * share a few at a time, and reading a time costs more than all else in an answer.
 */
final class PeriodWindows {

	/** {@code +0000} as the backend writes it, {@code +00:00} as old ones did. */
	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss [Z][XXX]");

	private static final int MAX_WINDOWS = 100;

	private final ConcurrentLruCache<Bounds, PeriodWindow> windows = new ConcurrentLruCache<>(MAX_WINDOWS,
			PeriodWindows::read);

	private record Bounds(String start, String end) {
	}

	/**
	 * Return the window between two times, or {@code null} if there is none.
	 */
	@Nullable PeriodWindow between(@Nullable String start, @Nullable String end) {
		if (start == null || end == null) {
			return null;
		}
		try {
			return this.windows.get(new Bounds(start, end));
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	private static PeriodWindow read(Bounds bounds) {
		return new PeriodWindow(TIME.parse(bounds.start(), Instant::from), TIME.parse(bounds.end(), Instant::from));
	}

}

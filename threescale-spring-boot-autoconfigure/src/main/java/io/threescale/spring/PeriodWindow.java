package io.threescale.spring;

import java.time.Instant;
import java.util.Objects;

/**
 * The stretch of time one counter of a limit covers, half-open and in UTC
 * ({@code protocol.md} 4.2).
 *
 * @param start the first instant that belongs to the window
 * @param end the first instant that no longer does
 * @since 0.1.0
 */
public record PeriodWindow(Instant start, Instant end) {

	public PeriodWindow {
		Objects.requireNonNull(start, "'start' must not be null");
		Objects.requireNonNull(end, "'end' must not be null");
	}

	/**
	 * Tell whether an instant falls into this window.
	 * @param instant the instant to look at
	 * @return whether {@code start <= instant < end}
	 */
	public boolean contains(Instant instant) {
		return !instant.isBefore(this.start) && instant.isBefore(this.end);
	}

}

package io.threescale.spring;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The one limit that binds first, as 3scale says it in headers when asked for them
 * ({@code protocol.md} 3.2).
 *
 * @param remaining how many further calls of the same usage fit; {@code -1} if no limit
 * applies
 * @param reset seconds until the period of the limit ends, on the clock of the backend;
 * {@code -1} if it never does
 * @param maxValue the limit, or {@code null} if no limit applies
 * @since 0.1.0
 */
public record LimitHeaders(long remaining, long reset, @Nullable Long maxValue) {

	/**
	 * Return how long it takes until the period of the limit ends.
	 * @return the time, or {@code null} if waiting does not help
	 */
	public @Nullable Duration resetAfter() {
		return (this.reset < 0) ? null : Duration.ofSeconds(this.reset);
	}

	/**
	 * Tell whether the plan switches the metric off by a limit of zero.
	 * @return whether the limit is zero
	 */
	public boolean isMetricDisabled() {
		return this.maxValue != null && this.maxValue == 0;
	}

}

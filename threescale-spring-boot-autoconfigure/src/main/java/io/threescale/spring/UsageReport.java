package io.threescale.spring;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * One limit of the application's plan and how far it is used up ({@code protocol.md}
 * 4.2).
 *
 * @param metric the system name of the limited metric
 * @param period the period the limit applies to
 * @param window the current period, or {@code null} if it has no end
 * @param maxValue the limit
 * @param currentValue the counter. A granted authrep includes the usage of the call
 * itself; an authorize and any denial do not
 * @param exceeded whether 3scale found the counter above the limit, before the usage of
 * this call. A denied call usually has no exceeded report: ten of ten is not above
 * @since 0.1.0
 */
public record UsageReport(String metric, Period period, @Nullable PeriodWindow window, long maxValue, long currentValue,
		boolean exceeded) {

	public UsageReport {
		Objects.requireNonNull(metric, "'metric' must not be null");
		Objects.requireNonNull(period, "'period' must not be null");
	}

	/**
	 * Return how much is left until the limit.
	 * @return the units left, never negative
	 */
	public long remaining() {
		return Math.max(0, this.maxValue - this.currentValue);
	}

}

package io.threescale.spring.metering;

import java.time.Duration;
import java.util.Comparator;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.LimitHeaders;
import io.threescale.spring.PeriodWindow;
import io.threescale.spring.UsageReport;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Tells a caller of the limit that binds first, in the {@code RateLimit} and
 * {@code RateLimit-Policy} headers of draft-ietf-httpapi-ratelimit-headers. The policy is
 * named after metric and period, such as {@code hits-minute}.
 *
 * @since 0.1.0
 */
public final class RateLimitHeaders {

	private RateLimitHeaders() {
	}

	/**
	 * Write the headers, if any limit applies.
	 * @param status what 3scale told, with limit headers
	 * @param headers where to write them
	 */
	public static void write(ApplicationStatus status, HttpHeaders headers) {
		LimitHeaders limit = status.limitHeaders();
		Long maxValue = (limit != null) ? limit.maxValue() : null;
		if (limit == null || maxValue == null) {
			return;
		}
		UsageReport report = binding(status, limit, maxValue);
		PeriodWindow window = (report != null) ? report.window() : null;
		String name = "\"" + ((report != null) ? token(report) : "default") + "\"";
		String length = (window != null) ? ";w=" + Duration.between(window.start(), window.end()).toSeconds() : "";
		String reset = (limit.resetAfter() != null) ? ";t=" + limit.reset() : "";
		headers.set("RateLimit-Policy", name + ";q=" + maxValue + length);
		headers.set("RateLimit", name + ";r=" + Math.max(0, limit.remaining()) + reset);
	}

	/**
	 * Find the report the limit headers speak of. They name neither metric nor period,
	 * but of equal limits the one with the least left binds first.
	 */
	private static @Nullable UsageReport binding(ApplicationStatus status, LimitHeaders limit, long maxValue) {
		return status.usageReports()
			.stream()
			.filter((report) -> report.maxValue() == maxValue)
			.filter((report) -> (report.window() == null) == (limit.resetAfter() == null))
			.min(Comparator.comparingLong(UsageReport::remaining))
			.orElse(null);
	}

	/**
	 * Only printable characters that need no escape may stand in a structured string (RFC
	 * 9651, 3.3.3).
	 */
	private static String token(UsageReport report) {
		return (report.metric() + "-" + report.period()).replaceAll("[^A-Za-z0-9._-]", "_");
	}

}

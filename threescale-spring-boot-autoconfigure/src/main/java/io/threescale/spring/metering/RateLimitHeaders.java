package io.threescale.spring.metering;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import io.threescale.spring.PeriodWindow;
import io.threescale.spring.UsageReport;

import org.springframework.http.HttpHeaders;

/**
 * Tells a caller of the limits in the {@code RateLimit} and {@code RateLimit-Policy}
 * headers of draft-ietf-httpapi-ratelimit-headers-11, each limit as an item of both.
 * Quotas are in units of the limited metric.
 */
final class RateLimitHeaders {

	/** The largest integer of a structured field (RFC 9651, 3.3.1). */
	private static final long MAX_INTEGER = 999_999_999_999_999L;

	private RateLimitHeaders() {
	}

	/**
	 * Write the headers, if any limit applies.
	 * @param limits the limits
	 * @param headers where to write them
	 */
	static void write(List<CallLimit> limits, HttpHeaders headers) {
		if (!limits.isEmpty()) {
			headers.set("RateLimit-Policy",
					limits.stream().map(RateLimitHeaders::quotaPolicy).collect(Collectors.joining(", ")));
			headers.set("RateLimit",
					limits.stream().map(RateLimitHeaders::serviceLimit).collect(Collectors.joining(", ")));
		}
	}

	private static String quotaPolicy(CallLimit limit) {
		UsageReport report = limit.report();
		PeriodWindow window = (report != null) ? report.window() : null;
		return name(limit) + ";q=" + integer(limit.max())
				+ ((window != null) ? ";w=" + Duration.between(window.start(), window.end()).toSeconds() : "");
	}

	private static String serviceLimit(CallLimit limit) {
		Duration reset = limit.reset();
		return name(limit) + ";r=" + integer(limit.left()) + ((reset != null) ? ";t=" + reset.toSeconds() : "");
	}

	private static String name(CallLimit limit) {
		return '"' + limit.policy() + '"';
	}

	private static long integer(long value) {
		return Math.max(0, Math.min(value, MAX_INTEGER));
	}

}

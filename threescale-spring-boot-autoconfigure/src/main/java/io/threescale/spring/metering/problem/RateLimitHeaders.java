package io.threescale.spring.metering.problem;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.PeriodWindow;
import io.threescale.spring.Usage;
import io.threescale.spring.UsageReport;
import org.jetbrains.annotations.ApiStatus;

import org.springframework.http.HttpHeaders;

/**
 * Tells a caller of the limits in the {@code RateLimit} and {@code RateLimit-Policy}
 * headers of draft-ietf-httpapi-ratelimit-headers-11, each limit as an item of both.
 * Quotas are in units of the limited metric.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class RateLimitHeaders {

	/** The largest integer of a structured field (RFC 9651, 3.3.1). */
	private static final long MAX_INTEGER = 999_999_999_999_999L;

	private RateLimitHeaders() {
	}

	/**
	 * Write the headers for a call that goes on, as if it were counted already.
	 * @param status what 3scale tells of the limits
	 * @param usage what the call uses
	 * @param counted whether 3scale has counted that
	 * @param now the time, for answers that do not tell that of 3scale's clock
	 * @param headers where to write them, if any limit applies
	 */
	public static void write(ApplicationStatus status, Usage usage, boolean counted, Instant now, HttpHeaders headers) {
		List<CallLimit> limits = CallLimit.of(status, usage, now);
		write(counted ? limits : limits.stream().map(CallLimit::afterCall).toList(), headers);
	}

	static void write(List<CallLimit> limits, HttpHeaders headers) {
		if (!limits.isEmpty()) {
			headers.set("RateLimit-Policy", join(limits, RateLimitHeaders::quotaPolicy));
			headers.set("RateLimit", join(limits, RateLimitHeaders::serviceLimit));
		}
	}

	private static String join(List<CallLimit> limits, Function<CallLimit, String> item) {
		return limits.stream().map(item).collect(Collectors.joining(", "));
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

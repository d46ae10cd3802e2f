package io.threescale.spring.metering.problem;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.LimitHeaders;
import io.threescale.spring.PeriodWindow;
import io.threescale.spring.Usage;
import io.threescale.spring.UsageReport;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.web.util.UriUtils;

/**
 * A limit of the plan that a call counts against. All amounts are units of the limited
 * metric.
 *
 * @param report what 3scale tells of the limit, or {@code null} if its answer had no body
 * and only the limit headers are known
 * @param max the limit
 * @param left how much is left of it; negative if more is used
 * @param used how much the call uses of it
 * @param reset the time until the period of the limit ends, in whole seconds, or
 * {@code null} if it never ends, or nobody knows when
 * @since 0.1.0
 */
@ApiStatus.Internal
public record CallLimit(@Nullable UsageReport report, long max, long left, long used, @Nullable Duration reset) {

	/** The one that never begins anew comes first. */
	static final Comparator<CallLimit> LONGEST_FIRST = Comparator.comparing(CallLimit::reset,
			Comparator.nullsFirst(Comparator.reverseOrder()));

	/**
	 * Return the limits that a call counts against: those of the metrics it uses and of
	 * their ancestors. The metric tree is known in part only ({@code protocol.md} 4.2),
	 * so there may be one more, which the limit headers tell if it is the one with the
	 * fewest calls left.
	 * @param status what 3scale tells
	 * @param usage what the call uses
	 * @param now the time, for answers that do not tell that of 3scale's clock
	 * @return the limits, always in the same order
	 */
	public static List<CallLimit> of(ApplicationStatus status, Usage usage, Instant now) {
		LimitHeaders headers = status.limitHeaders();
		if (status.usageReports().isEmpty()) {
			return (headers != null) ? unnamed(headers, usage) : List.of();
		}
		Instant clock = Objects.requireNonNullElse(status.backendTime(), now);
		Map<String, Long> amounts = status.hierarchy().propagate(usage.increments());
		List<CallLimit> limits = new ArrayList<>();
		for (UsageReport report : status.usageReports()) {
			Long used = amounts.get(report.metric());
			if (used != null) {
				limits.add(of(report, used, clock));
			}
		}
		if (headers != null && limits.stream().noneMatch((limit) -> limit.isMeantBy(headers, limit.used, limit.used))) {
			status.usageReports()
				.stream()
				.filter((report) -> !amounts.containsKey(report.metric()))
				.map((report) -> of(report, leastUsed(report, headers, usage), clock))
				.filter((limit) -> limit.isMeantBy(headers, least(usage), total(usage)))
				.findFirst()
				.ifPresent(limits::add);
		}
		limits.sort(Comparator.comparing(CallLimit::policy));
		return limits;
	}

	private static CallLimit of(UsageReport report, long used, Instant clock) {
		return new CallLimit(report, report.maxValue(), report.maxValue() - report.currentValue(), used,
				reset(report.window(), clock));
	}

	/** Rounded up, as 3scale does it. A clock that is outside of the period is wrong. */
	private static @Nullable Duration reset(@Nullable PeriodWindow window, Instant clock) {
		if (window == null || !covers(window, clock)) {
			return null;
		}
		return Duration.ofSeconds(Duration.between(clock, window.end()).plusNanos(999_999_999).toSeconds());
	}

	/** Together with its end, of which a caller is told to wait no time. */
	private static boolean covers(PeriodWindow window, Instant clock) {
		return window.contains(clock) || window.end().equals(clock);
	}

	/**
	 * Headers tell what is left in calls. A call uses no less than the smallest of its
	 * amounts, so no less is left than that makes.
	 */
	private static List<CallLimit> unnamed(LimitHeaders headers, Usage usage) {
		Long max = headers.maxValue();
		if (max == null) {
			return List.of();
		}
		long used = least(usage);
		long calls = Math.max(0, headers.remaining());
		long left = (used == 0 || calls > max / used) ? max : calls * used;
		return List.of(new CallLimit(null, max, left, used, headers.resetAfter()));
	}

	/**
	 * Return the least that a call must use of a limit to leave the calls that the
	 * headers tell.
	 */
	private static long leastUsed(UsageReport report, LimitHeaders headers, Usage usage) {
		long calls = Math.min(Math.max(0, headers.remaining()), Long.MAX_VALUE - 1);
		return Math.max(least(usage), report.remaining() / (calls + 1) + 1);
	}

	private static long least(Usage usage) {
		Collection<Long> amounts = usage.increments().values();
		return amounts.stream().mapToLong(Long::longValue).min().orElse(0);
	}

	private static long total(Usage usage) {
		return usage.increments().values().stream().mapToLong(Long::longValue).sum();
	}

	/**
	 * Tell whether the headers may speak of this limit, which they do not name.
	 * @param least the least a call may use of it
	 * @param most the most a call may use of it
	 */
	private boolean isMeantBy(LimitHeaders headers, long least, long most) {
		long units = Math.max(0, this.left);
		long calls = Math.max(0, headers.remaining());
		return Long.valueOf(this.max).equals(headers.maxValue()) && Objects.equals(this.reset, headers.resetAfter())
				&& least > 0 && units / most <= calls && calls <= units / least;
	}

	/**
	 * Return the name of the limit in headers and bodies, such as {@code hits-minute}. It
	 * stays the same, and needs no escape in a structured string (RFC 9651, 3.3.3).
	 * @return the name
	 */
	String policy() {
		UsageReport report = this.report;
		return (report != null) ? UriUtils.encode(report.metric() + "-" + report.period(), StandardCharsets.UTF_8)
				: "default";
	}

	/**
	 * Tell whether the call does not fit into what is left.
	 * @return whether it does not
	 */
	public boolean isViolated() {
		return this.used > this.left;
	}

	/**
	 * Tell whether the call does not even fit if nothing is used yet.
	 * @return whether it never fits
	 */
	boolean isOutOfReach() {
		return this.used > this.max;
	}

	/**
	 * Return the limit as it is when the call is counted.
	 * @return the limit with less left
	 */
	CallLimit afterCall() {
		return new CallLimit(this.report, this.max, Math.max(0, this.left) - this.used, this.used, this.reset);
	}

}

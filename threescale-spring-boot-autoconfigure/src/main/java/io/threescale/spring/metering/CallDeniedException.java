package io.threescale.spring.metering;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.LimitHeaders;
import io.threescale.spring.Period;
import io.threescale.spring.Usage;
import io.threescale.spring.UsageReport;
import org.jspecify.annotations.Nullable;

import org.springframework.context.MessageSourceResolvable;
import org.springframework.context.support.DefaultMessageSourceResolvable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * A call 3scale denied: 429 if its limits have room for it at other times, and 403 if it
 * is never granted.
 *
 * @since 0.1.0
 */
public final class CallDeniedException extends MeteringException {

	private static final String UNKNOWN = "?";

	private final transient Denied denied;

	private final transient Answer answer;

	CallDeniedException(Denied denied, Usage usage, Instant now) {
		this(denied, denied.code().equals(ErrorCode.LIMITS_EXCEEDED) ? CallLimit.of(denied.status(), usage, now)
				: List.of());
	}

	private CallDeniedException(Denied denied, List<CallLimit> limits) {
		this(denied, limits, limits.stream().filter(CallLimit::isViolated).toList());
	}

	private CallDeniedException(Denied denied, List<CallLimit> limits, List<CallLimit> violated) {
		this(denied, limits, violated, Answer.to(denied, violated));
	}

	private CallDeniedException(Denied denied, List<CallLimit> limits, List<CallLimit> violated, Answer answer) {
		super(answer.status, answer.problem(denied, violated), null);
		this.denied = denied;
		this.answer = answer;
		getBody().setProperty("code", denied.code().value());
		if (answer != Answer.ACCESS_DENIED) {
			getBody().setProperty("limits", violated.stream().map(CallDeniedException::describe).toList());
		}
		if (answer == Answer.LIMITS_EXCEEDED) {
			getBody().setProperty("violated-policies", violated.stream().map(CallLimit::policy).toList());
			Long seconds = secondsToWait(denied, violated);
			if (seconds != null) {
				getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
			}
			RateLimitHeaders.write(limits, getHeaders());
		}
	}

	/**
	 * Return what 3scale said.
	 * @return the denial
	 */
	public Denied denied() {
		return this.denied;
	}

	/**
	 * Tell whether the call would go beyond a limit, and not beyond the plan.
	 */
	boolean isOverLimit() {
		return this.answer == Answer.LIMITS_EXCEEDED || this.answer == Answer.CALL_TOO_LARGE;
	}

	private static Map<String, Object> describe(CallLimit limit) {
		Map<String, Object> description = new LinkedHashMap<>();
		UsageReport report = limit.report();
		if (report != null) {
			description.put("metric", report.metric());
			description.put("period", report.period().name());
		}
		description.put("max", limit.max());
		if (report != null) {
			description.put("current", report.currentValue());
		}
		return description;
	}

	/**
	 * Who has waited for the limit that binds longest has waited for all.
	 */
	private static @Nullable Long secondsToWait(Denied denied, List<CallLimit> violated) {
		LimitHeaders headers = denied.status().limitHeaders();
		Duration named = (headers != null) ? headers.resetAfter() : null;
		Duration reset = violated.isEmpty() ? named
				: violated.stream().min(CallLimit.LONGEST_FIRST).map(CallLimit::reset).orElse(null);
		return (reset != null) ? Math.max(1, reset.toSeconds()) : null;
	}

	private enum Answer {

		METRIC_DISABLED(HttpStatus.FORBIDDEN, "metric-disabled", "Not part of the plan",
				"The application's plan does not include this call", (limit) -> limit.max() == 0),

		CALL_TOO_LARGE(HttpStatus.FORBIDDEN, "call-too-large", "Call too large",
				"The call uses more than the application's plan ever allows", CallLimit::isOutOfReach),

		LIMITS_EXCEEDED(HttpStatus.TOO_MANY_REQUESTS, "limits-exceeded", "Limits exceeded",
				"The call would exceed a limit of the application's plan", (limit) -> true),

		ACCESS_DENIED(HttpStatus.FORBIDDEN, "access-denied", "Access denied",
				"The credentials are not accepted for this call", (limit) -> false);

		private final HttpStatus status;

		private final String type;

		private final String title;

		private final String detail;

		private final Predicate<CallLimit> reason;

		Answer(HttpStatus status, String type, String title, String detail, Predicate<CallLimit> reason) {
			this.status = status;
			this.type = type;
			this.title = title;
			this.detail = detail;
			this.reason = reason;
		}

		static Answer to(Denied denied, List<CallLimit> violated) {
			if (!denied.code().equals(ErrorCode.LIMITS_EXCEEDED)) {
				return ACCESS_DENIED;
			}
			LimitHeaders headers = denied.status().limitHeaders();
			if (headers != null && headers.isMetricDisabled()) {
				return METRIC_DISABLED;
			}
			return Arrays.stream(values())
				.filter((answer) -> violated.stream().anyMatch(answer.reason))
				.findFirst()
				.orElse(LIMITS_EXCEEDED);
		}

		Problem problem(Denied denied, List<CallLimit> violated) {
			if (this == ACCESS_DENIED) {
				return new Problem(this.type, denied.code().value(), this.title, this.detail + ".", List.of());
			}
			CallLimit limit = violated.stream().filter(this.reason).min(CallLimit.LONGEST_FIRST).orElse(null);
			UsageReport report = (limit != null) ? limit.report() : null;
			boolean eternity = report != null && report.period().equals(Period.ETERNITY);
			Long seconds = (this == LIMITS_EXCEEDED) ? secondsToWait(denied, violated) : null;
			return new Problem(this.type, (this == LIMITS_EXCEEDED && eternity) ? "eternity" : null, this.title,
					detail(report, eternity),
					List.of(name("metric", (report != null) ? report.metric() : UNKNOWN),
							(limit != null) ? limit.max() : UNKNOWN,
							name("period", (report != null) ? report.period().name() : UNKNOWN),
							(seconds != null) ? seconds : UNKNOWN));
		}

		private String detail(@Nullable UsageReport report, boolean eternity) {
			return this.detail + ((report != null) ? ": " + report.maxValue() + " of '" + report.metric() + "'"
					+ (eternity ? "" : " per " + report.period()) : "") + ".";
		}

		/** A message source may have another word for it. */
		private static MessageSourceResolvable name(String kind, String name) {
			return new DefaultMessageSourceResolvable(new String[] { "problemDetail.threescale." + kind + "." + name },
					name);
		}

	}

}

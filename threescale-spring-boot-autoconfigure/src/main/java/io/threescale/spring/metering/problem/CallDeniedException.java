package io.threescale.spring.metering.problem;

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

	private final transient Denial denial;

	/**
	 * Create the exception.
	 * @param denied what 3scale said
	 * @param usage what the call would use
	 * @param now the time, for answers that do not tell that of 3scale's clock
	 */
	public CallDeniedException(Denied denied, Usage usage, Instant now) {
		this(Denial.of(denied, usage, now));
	}

	private CallDeniedException(Denial denial) {
		super(denial.answer.status, denial.problem(), null);
		this.denial = denial;
		getBody().setProperty("code", denial.denied.code().value());
		if (denial.answer != Answer.ACCESS_DENIED) {
			getBody().setProperty("limits", denial.violated.stream().map(CallDeniedException::describe).toList());
		}
		if (denial.answer == Answer.LIMITS_EXCEEDED) {
			getBody().setProperty("violated-policies", denial.violated.stream().map(CallLimit::policy).toList());
			Long seconds = denial.secondsToWait();
			if (seconds != null) {
				getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
			}
			RateLimitHeaders.write(denial.limits, getHeaders());
		}
	}

	/**
	 * Return what 3scale said.
	 * @return the denial
	 */
	public Denied denied() {
		return this.denial.denied;
	}

	/**
	 * Tell whether the call would go beyond a limit, and not beyond the plan.
	 * @return whether it would
	 */
	public boolean isOverLimit() {
		return this.denial.answer == Answer.LIMITS_EXCEEDED || this.denial.answer == Answer.CALL_TOO_LARGE;
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

	}

	/**
	 * What a denial means to the caller.
	 *
	 * @param denied what 3scale said
	 * @param limits the limits that the call counts against, if it was denied for one
	 * @param violated those that the call does not fit into
	 * @param answer what the caller is told
	 */
	private record Denial(Denied denied, List<CallLimit> limits, List<CallLimit> violated, Answer answer) {

		static Denial of(Denied denied, Usage usage, Instant now) {
			if (!denied.code().equals(ErrorCode.LIMITS_EXCEEDED)) {
				return new Denial(denied, List.of(), List.of(), Answer.ACCESS_DENIED);
			}
			List<CallLimit> limits = CallLimit.of(denied.status(), usage, now);
			List<CallLimit> violated = limits.stream().filter(CallLimit::isViolated).toList();
			LimitHeaders headers = denied.status().limitHeaders();
			return new Denial(denied, limits, violated,
					(headers != null && headers.isMetricDisabled()) ? Answer.METRIC_DISABLED
							: Arrays.stream(Answer.values())
								.filter((answer) -> violated.stream().anyMatch(answer.reason))
								.findFirst()
								.orElse(Answer.LIMITS_EXCEEDED));
		}

		/**
		 * Who has waited for the limit that binds longest has waited for all.
		 */
		@Nullable Long secondsToWait() {
			LimitHeaders headers = this.denied.status().limitHeaders();
			Duration named = (headers != null) ? headers.resetAfter() : null;
			Duration reset = this.violated.isEmpty() ? named
					: this.violated.stream().min(CallLimit.LONGEST_FIRST).map(CallLimit::reset).orElse(null);
			return (reset != null) ? Math.max(1, reset.toSeconds()) : null;
		}

		Problem problem() {
			String type = this.answer.type;
			if (this.answer == Answer.ACCESS_DENIED) {
				return new Problem(type, this.denied.code().value(), this.answer.title, this.answer.detail + ".",
						List.of());
			}
			CallLimit limit = this.violated.stream()
				.filter(this.answer.reason)
				.min(CallLimit.LONGEST_FIRST)
				.orElse(null);
			UsageReport report = (limit != null) ? limit.report() : null;
			boolean eternity = report != null && report.period().equals(Period.ETERNITY);
			boolean exceeded = this.answer == Answer.LIMITS_EXCEEDED;
			Long seconds = exceeded ? secondsToWait() : null;
			return new Problem(type, (exceeded && eternity) ? "eternity" : null, this.answer.title,
					this.answer.detail + ((report != null) ? ": " + report.maxValue() + " of '" + report.metric() + "'"
							+ (eternity ? "" : " per " + report.period()) : "") + ".",
					List.of(name("metric", (report != null) ? report.metric() : UNKNOWN),
							(limit != null) ? limit.max() : UNKNOWN,
							name("period", (report != null) ? report.period().name() : UNKNOWN),
							(seconds != null) ? seconds : UNKNOWN));
		}

		/** A message source may have another word for it. */
		private static MessageSourceResolvable name(String kind, String name) {
			return new DefaultMessageSourceResolvable(new String[] { "problemDetail.threescale." + kind + "." + name },
					name);
		}

	}

}

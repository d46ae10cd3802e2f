package io.threescale.spring.metering;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.LimitHeaders;
import io.threescale.spring.Usage;
import io.threescale.spring.UsageReport;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * A call 3scale denied: 429 if waiting helps, or might in the next period of a limit, and
 * 403 if it does not.
 *
 * @since 0.1.0
 */
public final class CallDeniedException extends MeteringException {

	private final transient Denied denied;

	CallDeniedException(Denied denied, Usage usage) {
		this(denied, usage, Answer.to(denied));
	}

	private CallDeniedException(Denied denied, Usage usage, Answer answer) {
		super(answer.status, answer.type, answer.title, answer.detail, null);
		this.denied = denied;
		getBody().setProperty("code", denied.code().value());
		if (answer == Answer.LIMITS_EXCEEDED) {
			getBody().setProperty("limits", violated(denied, usage));
			retryAfter(denied.status().limitHeaders());
			RateLimitHeaders.write(denied.status(), getHeaders());
		}
	}

	/**
	 * Return what 3scale said.
	 * @return the denial
	 */
	public Denied denied() {
		return this.denied;
	}

	private static List<Map<String, Object>> violated(Denied denied, Usage usage) {
		Map<String, Long> increments = denied.status().hierarchy().propagate(usage.increments());
		return denied.usageReports()
			.stream()
			.filter((
					report) -> report.currentValue() + increments.getOrDefault(report.metric(), 0L) > report.maxValue())
			.filter((report) -> increments.containsKey(report.metric()))
			.map(CallDeniedException::describe)
			.toList();
	}

	private static Map<String, Object> describe(UsageReport report) {
		Map<String, Object> limit = new LinkedHashMap<>();
		limit.put("metric", report.metric());
		limit.put("period", report.period().name());
		limit.put("max", report.maxValue());
		limit.put("current", report.currentValue());
		return limit;
	}

	private void retryAfter(@Nullable LimitHeaders limit) {
		Duration reset = (limit != null) ? limit.resetAfter() : null;
		if (reset != null) {
			getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, reset.toSeconds())));
		}
	}

	private enum Answer {

		LIMITS_EXCEEDED(HttpStatus.TOO_MANY_REQUESTS, "limits-exceeded", "Limits exceeded",
				"The call would exceed a limit of the application's plan."),

		METRIC_DISABLED(HttpStatus.FORBIDDEN, "metric-disabled", "Not part of the plan",
				"The application's plan does not include this call."),

		ACCESS_DENIED(HttpStatus.FORBIDDEN, "access-denied", "Access denied",
				"The credentials are not accepted for this call.");

		private final HttpStatus status;

		private final String type;

		private final String title;

		private final String detail;

		Answer(HttpStatus status, String type, String title, String detail) {
			this.status = status;
			this.type = type;
			this.title = title;
			this.detail = detail;
		}

		static Answer to(Denied denied) {
			if (!denied.code().equals(ErrorCode.LIMITS_EXCEEDED)) {
				return ACCESS_DENIED;
			}
			LimitHeaders limit = denied.status().limitHeaders();
			return (limit != null && limit.isMetricDisabled()) ? METRIC_DISABLED : LIMITS_EXCEEDED;
		}

	}

}

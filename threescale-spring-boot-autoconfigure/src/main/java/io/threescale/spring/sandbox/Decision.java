package io.threescale.spring.sandbox;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.threescale.spring.ErrorCode;

import org.jspecify.annotations.Nullable;

/**
 * What is decided about a call, and all the answer tells about it.
 *
 * @param call the call
 * @param limits where the application stands with its limits, before the call
 * @param denial why it is denied, or {@code null} if it is granted
 */
record Decision(AuthorizeCall call, List<LimitState> limits, @Nullable Denial denial) {

	static Decision of(AuthorizeCall call, List<LimitState> limits) {
		if (call.extensions().noBody()) {
			RequestedUsage.checkMetrics(call.parameters().nested("usage"), call.metrics());
		}
		Denial denial = CallValidator.firstDenial(call);
		if (denial == null) {
			RequestedUsage usage = call.usage();
			boolean fits = limits.stream().allMatch((limit) -> limit.admits(usage));
			denial = fits ? null : new Denial(ErrorCode.LIMITS_EXCEEDED, "usage limits are exceeded");
		}
		return new Decision(call, limits, denial);
	}

	/** The usage the call adds to the counters, or {@code null} if it adds none. */
	@Nullable RequestedUsage counted() {
		return (this.denial == null && this.call.operation().counts()) ? this.call.usage() : null;
	}

	RawAnswer answer() {
		RawAnswer answer = RawAnswer.of((this.denial == null) ? 200 : 409,
				this.call.extensions().noBody() ? "" : StatusXml.status(this));
		if (this.denial != null && this.call.extensions().rejectionReason()) {
			answer = answer.withHeader("3scale-rejection-reason", this.denial.code().value());
		}
		boolean limits = this.denial == null || this.denial.code().equals(ErrorCode.LIMITS_EXCEEDED);
		return (limits && this.call.extensions().limitHeaders()) ? answer.withHeaders(limitHeaders()) : answer;
	}

	private Map<String, String> limitHeaders() {
		RequestedUsage usage = this.call.usage();
		LimitState tightest = null;
		BigInteger fewest = null;
		// From the longest period to the shortest, so that the longest wins a tie.
		for (LimitState limit : this.limits.stream().sorted(LimitListing.LONGEST_FIRST).toList()) {
			boolean touched = usage.isEmpty() || usage.shown().containsKey(limit.limit().metric());
			BigInteger remaining = touched ? limit.remainingCalls(usage, counted() != null) : null;
			if (remaining != null && (fewest == null || remaining.compareTo(fewest) < 0)) {
				fewest = remaining;
				tightest = limit;
			}
		}
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("3scale-limit-remaining", (fewest != null) ? fewest.toString() : "-1");
		headers.put("3scale-limit-reset",
				(tightest != null) ? Long.toString(tightest.secondsToReset(this.call.time())) : "-1");
		if (tightest != null) {
			headers.put("3scale-limit-max-value", Long.toString(tightest.limit().max()));
		}
		return headers;
	}

}

package io.threescale.spring.actuate;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.UsageReport;
import org.jspecify.annotations.Nullable;

/**
 * How an application stands with one service, as the endpoint tells.
 *
 * @param plan the plan, or {@code null} if it is not known
 * @param limits its limits
 * @param asOf when they stood so here, or {@code null} if they are not known here
 * @param pending what it has used and 3scale was not told
 * @param unconfirmed what 3scale was told and may not show yet
 * @param backend what 3scale says right now, or {@code null} if it was not asked
 */
record ApplicationReport(@Nullable String plan, List<Limit> limits, @Nullable Instant asOf, Map<String, Long> pending,
		Map<String, Long> unconfirmed, @Nullable String backend) {

	/**
	 * A limit.
	 *
	 * @param metric the metric
	 * @param period the period
	 * @param max the limit
	 * @param current how much is used as it stands here, or {@code null} if that is not
	 * known
	 * @param shown how much is used as 3scale shows it, or {@code null} if it was not
	 * asked
	 */
	record Limit(String metric, String period, long max, @Nullable Long current, @Nullable Long shown) {

		private static Limit of(UsageReport report, List<UsageReport> shown) {
			return new Limit(report.metric(), report.period().name(), report.maxValue(), report.currentValue(),
					shown.stream()
						.filter((other) -> isSame(report, other))
						.map(UsageReport::currentValue)
						.findFirst()
						.orElse(null));
		}

		private static boolean isSame(UsageReport one, UsageReport other) {
			return one.metric().equals(other.metric()) && one.period().equals(other.period());
		}

	}

	static ApplicationReport of(ApplicationStatus status, @Nullable Instant asOf, Map<String, Long> pending,
			Map<String, Long> unconfirmed) {
		return new ApplicationReport(status.plan(), limits(status, List.of()), asOf, pending, unconfirmed, null);
	}

	private static List<Limit> limits(ApplicationStatus status, List<UsageReport> shown) {
		return status.usageReports().stream().map((report) -> Limit.of(report, shown)).toList();
	}

	/**
	 * Add what 3scale says right now.
	 * @param status how the limits stand here
	 */
	ApplicationReport with(ApplicationStatus status, Authorization answer) {
		List<UsageReport> shown = answer.usageReports();
		List<Limit> limits = (this.asOf != null) ? limits(status, shown)
				: shown.stream()
					.map((report) -> new Limit(report.metric(), report.period().name(), report.maxValue(), null,
							report.currentValue()))
					.toList();
		return new ApplicationReport((answer.plan() != null) ? answer.plan() : this.plan, limits, this.asOf,
				this.pending, this.unconfirmed,
				(answer instanceof Denied denied) ? "denied: " + denied.code().value() : "granted");
	}

	/**
	 * Add that 3scale says nothing.
	 */
	ApplicationReport with(Exception failure) {
		return new ApplicationReport(this.plan, this.limits, this.asOf, this.pending, this.unconfirmed,
				"failed: " + failure.getMessage());
	}

}

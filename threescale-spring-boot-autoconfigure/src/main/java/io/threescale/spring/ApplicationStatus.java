package io.threescale.spring;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What 3scale tells of an application when it grants or denies a call.
 *
 * @param plan the name of the application plan, or {@code null} if the answer had none
 * @param usageReports all limits of the plan, in the order of the answer
 * @param limitHeaders the limit that binds first, or {@code null} unless asked for
 * @param hierarchy the metric tree, {@link MetricHierarchy#UNKNOWN} unless asked for
 * @param appKeys the keys of the application, empty unless asked for; not shown by
 * {@code toString}
 * @param application the OAuth client, or {@code null} unless an OAuth endpoint answered
 * @since 0.1.0
 */
public record ApplicationStatus(@Nullable String plan, List<UsageReport> usageReports,
		@Nullable LimitHeaders limitHeaders, MetricHierarchy hierarchy, List<String> appKeys,
		@Nullable OAuthApplication application) {

	/** The status of an application nothing is known about. */
	public static final ApplicationStatus UNKNOWN = new ApplicationStatus(null, List.of(), null,
			MetricHierarchy.UNKNOWN, List.of(), null);

	public ApplicationStatus {
		usageReports = List.copyOf(usageReports);
		Objects.requireNonNull(hierarchy, "'hierarchy' must not be null");
		appKeys = List.copyOf(appKeys);
	}

	/**
	 * Return the time of the backend's clock when it answered: the limit headers tell how
	 * long the period of a limit lasts yet, and the limits when that ends.
	 * @return the time, or {@code null} if the answer does not tell
	 */
	public @Nullable Instant backendTime() {
		Duration reset = (this.limitHeaders != null) ? this.limitHeaders.resetAfter() : null;
		if (this.limitHeaders == null || reset == null) {
			return null;
		}
		Long max = this.limitHeaders.maxValue();
		List<PeriodWindow> windows = this.usageReports.stream()
			.flatMap((report) -> Stream.ofNullable(report.window()))
			.toList();
		return this.usageReports.stream()
			.filter((report) -> Long.valueOf(report.maxValue()).equals(max))
			.flatMap((report) -> Stream.ofNullable(report.window()))
			.map((window) -> window.end().minus(reset))
			.filter((time) -> windows.stream().allMatch((window) -> window.contains(time) || window.end().equals(time)))
			.findFirst()
			.orElse(null);
	}

	@Override
	public String toString() {
		return "ApplicationStatus[plan=" + this.plan + ", usageReports=" + this.usageReports + ", limitHeaders="
				+ this.limitHeaders + "]";
	}

}

package io.threescale.spring.client.predictive;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.LimitHeaders;
import io.threescale.spring.PeriodWindow;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.predictive.Plan.Demand;
import io.threescale.spring.client.predictive.Plan.Limit;

/**
 * Words how the limits stand here, the way 3scale does: in the headers the one that
 * leaves the fewest calls, and of several the one that binds longest ({@code protocol.md}
 * 3.2).
 */
final class LimitStatus {

	/** 3scale's own words for no limit at all. */
	private static final LimitHeaders UNLIMITED = new LimitHeaders(-1, -1, null);

	private LimitStatus() {
	}

	static ApplicationStatus of(Plan plan, LimitCounter[] counters, Demand demand, Instant now) {
		List<UsageReport> reports = new ArrayList<>(counters.length);
		for (LimitCounter counter : counters) {
			reports.add(report(counter));
		}
		return new ApplicationStatus(plan.name(), reports, headers(counters, demand, now), plan.hierarchy(), List.of(),
				null);
	}

	private static UsageReport report(LimitCounter counter) {
		Limit limit = counter.limit();
		return new UsageReport(limit.metric(), limit.period(), counter.window(), limit.max(), counter.count(),
				counter.count() > limit.max());
	}

	private static LimitHeaders headers(LimitCounter[] counters, Demand demand, Instant now) {
		LimitCounter binding = null;
		long fewest = Long.MAX_VALUE;
		for (int i = 0; i < counters.length; i++) {
			long amount = demand.sure()[i];
			if (amount <= 0) {
				continue;
			}
			long remaining = Math.max(0, counters[i].limit().max() - counters[i].count()) / amount;
			if (binding == null || remaining < fewest || (remaining == fewest && isLonger(counters[i], binding))) {
				binding = counters[i];
				fewest = remaining;
			}
		}
		return (binding != null) ? new LimitHeaders(fewest, reset(binding, now), binding.limit().max()) : UNLIMITED;
	}

	private static boolean isLonger(LimitCounter one, LimitCounter other) {
		PeriodWindow window = one.window();
		PeriodWindow otherWindow = other.window();
		return otherWindow != null && (window == null || window.end().isAfter(otherWindow.end()));
	}

	/** Seconds, rounded up, of which there is always one. */
	private static long reset(LimitCounter counter, Instant now) {
		PeriodWindow window = counter.window();
		return (window != null) ? Math.max(1, Duration.between(now, window.end()).plusMillis(999).toSeconds()) : -1;
	}

}

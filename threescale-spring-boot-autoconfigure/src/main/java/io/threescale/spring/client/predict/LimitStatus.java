package io.threescale.spring.client.predict;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.LimitHeaders;
import io.threescale.spring.UsageReport;
import org.jspecify.annotations.Nullable;

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

	/**
	 * Word a grant. The usage reports stay those of the last answer, as most calls do not
	 * look at them.
	 */
	static Granted granted(ApplicationStatus status, LimitAccount[] limits, long[] demand, Instant now) {
		return new Granted(new ApplicationStatus(status.plan(), status.usageReports(), headers(limits, demand, now),
				status.hierarchy(), List.of(), null));
	}

	static Denied denied(ApplicationStatus status, LimitAccount[] limits, long[] demand, Instant now) {
		List<UsageReport> reports = Arrays.stream(limits).map(LimitStatus::report).toList();
		return new Denied(ErrorCode.LIMITS_EXCEEDED, "usage limits are exceeded", new ApplicationStatus(status.plan(),
				reports, headers(limits, demand, now), status.hierarchy(), List.of(), null));
	}

	private static UsageReport report(LimitAccount account) {
		return new UsageReport(account.limit().metric(), account.limit().period(), account.window(),
				account.limit().max(), account.used(), account.used() > account.limit().max());
	}

	private static LimitHeaders headers(LimitAccount[] limits, long[] demand, Instant now) {
		LimitAccount binding = null;
		long fewest = Long.MAX_VALUE;
		for (int i = 0; i < limits.length; i++) {
			if (demand[i] <= 0) {
				continue;
			}
			long remaining = Math.max(0, limits[i].limit().max() - limits[i].used()) / demand[i];
			if (remaining < fewest || (remaining == fewest && isLonger(limits[i], binding))) {
				binding = limits[i];
				fewest = remaining;
			}
		}
		return (binding != null) ? new LimitHeaders(fewest, reset(binding, now), binding.limit().max()) : UNLIMITED;
	}

	private static boolean isLonger(LimitAccount one, @Nullable LimitAccount other) {
		if (other == null || other.window() == null) {
			return other == null;
		}
		return one.window() == null || one.window().end().isAfter(other.window().end());
	}

	/** Seconds, rounded up, of which there is always one. */
	private static long reset(LimitAccount account, Instant now) {
		if (account.window() == null) {
			return -1;
		}
		return Math.max(1, Duration.between(now, account.window().end()).plusMillis(999).toSeconds());
	}

}

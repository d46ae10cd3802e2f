package io.threescale.spring.client.predict;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.LimitHeaders;
import io.threescale.spring.UsageReport;
import org.jspecify.annotations.Nullable;

/**
 * Words a denial the way 3scale does: the limits as they stand, and in the headers the
 * one that binds longest ({@code protocol.md} 3.2).
 */
final class LimitDenial {

	private LimitDenial() {
	}

	static Denied of(ApplicationStatus status, LimitAccount[] limits, long[] demand, Instant now) {
		List<UsageReport> reports = new ArrayList<>(limits.length);
		LimitHeaders headers = null;
		for (int i = 0; i < limits.length; i++) {
			LimitAccount account = limits[i];
			reports.add(new UsageReport(account.limit().metric(), account.limit().period(), account.window(),
					account.limit().max(), account.used(), account.used() > account.limit().max()));
			if (demand[i] >= 0 && account.used() + demand[i] > account.limit().max()) {
				headers = longer(headers, headers(account, now));
			}
		}
		ApplicationStatus denied = new ApplicationStatus(status.plan(), reports, headers, status.hierarchy(), List.of(),
				null);
		return new Denied(ErrorCode.LIMITS_EXCEEDED, "usage limits are exceeded", denied);
	}

	private static LimitHeaders headers(LimitAccount account, Instant now) {
		if (account.window() == null) {
			return new LimitHeaders(0, -1, account.limit().max());
		}
		Duration reset = Duration.between(now, account.window().end());
		return new LimitHeaders(0, Math.max(1, reset.plusMillis(999).toSeconds()), account.limit().max());
	}

	private static LimitHeaders longer(@Nullable LimitHeaders one, LimitHeaders other) {
		if (one == null || (one.reset() >= 0 && (other.reset() < 0 || other.reset() > one.reset()))) {
			return other;
		}
		return one;
	}

}

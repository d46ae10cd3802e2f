package io.threescale.spring.client.predict;

import java.time.Instant;
import java.util.List;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.PeriodWindow;
import io.threescale.spring.UsageReport;

/**
 * All limits of one application. A demand says what a call takes of each of them,
 * {@code -1} where it does not touch one.
 */
final class LimitAccounts {

	private final LimitAccount[] limits;

	private final double share;

	LimitAccounts(PlanLimits plan, PredictionSettings settings) {
		this.limits = plan.limits()
			.stream()
			.map((limit) -> new LimitAccount(limit, settings.guard()))
			.toArray(LimitAccount[]::new);
		this.share = settings.headroomShare();
	}

	int size() {
		return this.limits.length;
	}

	Verdict verdict(long[] demand) {
		Verdict verdict = Verdict.ADMITTED;
		for (int i = 0; i < demand.length; i++) {
			if (demand[i] >= 0) {
				verdict = verdict.or(this.limits[i].verdict(demand[i]));
			}
		}
		return verdict;
	}

	/**
	 * Tell whether a period has begun already that is to begin yet: calls overtake each
	 * other, and clocks go back. What a call uses then is of the last period, of which
	 * nothing is known any more.
	 */
	boolean areAheadOf(Instant now) {
		for (LimitAccount limit : this.limits) {
			PeriodWindow window = limit.window();
			if (window != null && now.isBefore(window.start())) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Tell whether 3scale may be asked for a demand without any risk of going beyond the
	 * guard of a limit.
	 */
	boolean bear(long[] demand) {
		for (int i = 0; i < demand.length; i++) {
			if (demand[i] >= 0 && !this.limits[i].bears(demand[i])) {
				return false;
			}
		}
		return true;
	}

	void add(long[] demand) {
		for (int i = 0; i < demand.length; i++) {
			this.limits[i].add(Math.max(0, demand[i]));
		}
	}

	void subtract(UnshownUsage usage) {
		for (int i = 0; i < this.limits.length; i++) {
			this.limits[i].add(-usage.amount(i));
		}
	}

	/**
	 * Start from zero where a period is over, but for what 3scale may count in the next.
	 */
	void roll(Instant now, List<UnshownUsage> unshown) {
		for (int i = 0; i < this.limits.length; i++) {
			if (this.limits[i].roll(now, this.share)) {
				for (UnshownUsage usage : unshown) {
					usage.roll(i);
					this.limits[i].add(usage.amount(i));
				}
			}
		}
	}

	/**
	 * Take over what 3scale shows.
	 */
	void show(ApplicationStatus status, List<UnshownUsage> unshown) {
		List<UsageReport> reports = PlanLimits.sorted(status);
		for (int i = 0; i < this.limits.length; i++) {
			long sum = 0;
			for (UnshownUsage usage : unshown) {
				sum += usage.amount(i);
			}
			this.limits[i].show(reports.get(i), sum, this.share);
		}
	}

	Granted granted(ApplicationStatus status, long[] demand, Instant now) {
		return LimitStatus.granted(status, this.limits, demand, now);
	}

	Denied denied(ApplicationStatus status, long[] demand, Instant now) {
		return LimitStatus.denied(status, this.limits, demand, now);
	}

}

package io.threescale.spring.client.predict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.PeriodWindow;
import io.threescale.spring.UsageReport;

/**
 * All limits of one application, and the usage on them that 3scale may not show. A demand
 * says what a call takes of each of them, {@code -1} where it does not touch one.
 */
final class LimitAccounts {

	private final LimitAccount[] limits;

	private final List<UnshownUsage> unshown = new ArrayList<>(2);

	private final double share;

	LimitAccounts(PlanLimits plan, PredictionSettings settings) {
		this.limits = plan.limits()
			.stream()
			.map((limit) -> new LimitAccount(limit, settings.guard()))
			.toArray(LimitAccount[]::new);
		this.share = settings.headroomShare();
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

	/**
	 * Put a demand on the accounts, as usage of its own.
	 */
	UnshownUsage put(long[] demand, boolean undecided) {
		UnshownUsage usage = new UnshownUsage(this.limits.length, undecided);
		remember(usage);
		add(demand, usage);
		return usage;
	}

	/**
	 * Put a demand on the accounts, as part of usage that is there.
	 */
	void add(long[] demand, UnshownUsage usage) {
		usage.add(demand);
		for (int i = 0; i < demand.length; i++) {
			this.limits[i].add(Math.max(0, demand[i]));
		}
	}

	/**
	 * Take usage from the accounts again, if it is there.
	 */
	void takeBack(UnshownUsage usage) {
		if (forget(usage)) {
			for (int i = 0; i < this.limits.length; i++) {
				this.limits[i].add(-usage.amount(i));
			}
		}
	}

	/**
	 * Note that 3scale may not show usage. What it comes to is on the accounts already.
	 */
	void remember(UnshownUsage usage) {
		this.unshown.add(usage);
	}

	boolean forget(UnshownUsage usage) {
		return this.unshown.remove(usage);
	}

	/**
	 * Start from zero where a period is over, but for what 3scale may count in the next.
	 */
	void roll(Instant now) {
		for (int i = 0; i < this.limits.length; i++) {
			if (this.limits[i].roll(now, this.share)) {
				for (UnshownUsage usage : this.unshown) {
					usage.roll(i);
					this.limits[i].add(usage.amount(i));
				}
			}
		}
	}

	/**
	 * Take over what 3scale shows.
	 * @param status what it shows
	 * @param settled when it was delivered what it shows for sure
	 */
	void show(ApplicationStatus status, Instant settled) {
		this.unshown.removeIf((usage) -> usage.isShownAt(settled));
		List<UsageReport> reports = PlanLimits.sorted(status);
		for (int i = 0; i < this.limits.length; i++) {
			long sum = 0;
			for (UnshownUsage usage : this.unshown) {
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

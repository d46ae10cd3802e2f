package io.threescale.spring.client.predict;

import java.time.Instant;

import io.threescale.spring.PeriodWindow;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.predict.PlanLimits.Limit;
import org.jspecify.annotations.Nullable;

/**
 * How far one limit of one application is used up, as far as is known here. All of it
 * belongs to the current period; when that is over, everything starts from zero.
 */
final class LimitAccount {

	private final Limit limit;

	private final long guarded;

	private @Nullable PeriodWindow window;

	/** What 3scale showed last. */
	private long shown;

	/**
	 * What 3scale showed, and all own usage it may not have shown. Some of that may be in
	 * both, so that no headroom is ever handed out twice.
	 */
	private long used;

	/** The same with nothing counted twice; it lags behind what other instances use. */
	private long ledger;

	/** How far {@link #used} may go before 3scale is asked again. */
	private long allowance;

	LimitAccount(Limit limit, double guard) {
		this.limit = limit;
		this.guarded = (long) Math.ceil(limit.max() * guard);
	}

	Limit limit() {
		return this.limit;
	}

	@Nullable PeriodWindow window() {
		return this.window;
	}

	long used() {
		return this.used;
	}

	/**
	 * Take over what 3scale showed, unless it is of a period that is over.
	 * @param report what it showed
	 * @param unshown own usage of the period it may not have shown
	 * @param share the share of the headroom that may be used from here on
	 */
	void show(UsageReport report, long unshown, double share) {
		PeriodWindow next = report.window();
		if (this.window != null && next != null && next.start().isBefore(this.window.start())) {
			return;
		}
		boolean known = this.window == null || this.window.equals(next);
		this.window = next;
		this.shown = report.currentValue();
		this.used = this.shown + unshown;
		this.ledger = known ? Math.max(this.shown, Math.min(this.ledger, this.used)) : this.used;
		allow(share);
	}

	/**
	 * Start from zero if the period is over.
	 * @param now the time
	 * @param share the share of the headroom that may be used from here on
	 * @return whether it was over
	 */
	boolean roll(Instant now, double share) {
		if (this.window == null || now.isBefore(this.window.end())) {
			return false;
		}
		this.window = this.limit.period().windowAt(now);
		this.shown = 0;
		this.used = 0;
		this.ledger = 0;
		allow(share);
		return true;
	}

	/**
	 * The share is of what 3scale showed, so that it holds for everything others cannot
	 * see yet, however often 3scale is asked meanwhile.
	 */
	private void allow(double share) {
		this.allowance = this.shown + (long) (Math.max(0, this.limit.max() - this.shown) * share);
	}

	Verdict verdict(long amount) {
		if (this.shown + amount > this.limit.max()) {
			return Verdict.REFUSED;
		}
		if (this.used + amount > this.limit.max() - this.guarded) {
			return Verdict.NEAR_LIMIT;
		}
		return (this.used + amount > this.allowance) ? Verdict.SHARE_SPENT : Verdict.ADMITTED;
	}

	/**
	 * Tell whether 3scale may be asked for an amount: if it grants what it has not
	 * counted yet, no more than the guard goes beyond the limit.
	 */
	boolean bears(long amount) {
		return this.ledger + amount <= this.limit.max() + this.guarded;
	}

	void add(long amount) {
		this.used += amount;
		this.ledger += amount;
	}

}

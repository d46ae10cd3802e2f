package io.threescale.spring.client.predictive;

import java.time.Instant;
import java.util.Objects;

import io.threescale.spring.PeriodWindow;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.predictive.MetricTree.Relation;
import io.threescale.spring.client.predictive.Plan.Limit;
import org.jspecify.annotations.Nullable;

/**
 * How far one limit of one application is used up: what 3scale showed of the current
 * period, and what was used here and may not be in that. Where nobody knows whether a
 * metric counts against the limit, its usage is possible, not sure.
 */
final class LimitCounter {

	/** When 3scale was asked, if it has shown nothing of the period. */
	static final long NEVER = Long.MIN_VALUE;

	private static final long SECONDS = 60;

	private final Limit limit;

	private final long guarded;

	private final Allowance allowance;

	private @Nullable PeriodWindow window;

	private boolean fresh = true;

	/** What 3scale showed last. */
	private long shown;

	/** When it was asked for that, by the steady time. */
	private long shownAt = NEVER;

	/** Sure usage that may not be in what 3scale showed. */
	private long unshown;

	/** Usage that may count against the limit and may not be in what 3scale showed. */
	private long possiblyUnshown;

	/**
	 * The counter as far as it is known: sure usage, none of it twice. What others use
	 * while our own usage is counted may be missing.
	 */
	private long count;

	/** The same with all usage that may count against the limit. */
	private long most;

	LimitCounter(Limit limit, double guard, Headroom headroom) {
		this.limit = limit;
		this.guarded = (long) Math.ceil(limit.max() * guard);
		this.allowance = headroom.allowance(this);
	}

	/**
	 * Take over what 3scale showed, unless it is of a period that is over. What was used
	 * here is counted anew after this.
	 * @param report what it showed
	 * @param askedAt when it was asked for that, by the steady time
	 * @return whether it was taken over
	 */
	boolean show(UsageReport report, long askedAt) {
		PeriodWindow next = report.window();
		if (this.window != null && next != null && next.start().isBefore(this.window.start())) {
			return false;
		}
		this.fresh |= !Objects.equals(this.window, next);
		this.window = next;
		show(report.currentValue(), askedAt);
		return true;
	}

	/**
	 * Take over what 3scale showed of this period.
	 */
	void show(long shown, long askedAt) {
		this.shown = shown;
		this.shownAt = askedAt;
	}

	/**
	 * Start from zero if the period is over. What was used here is counted anew after
	 * this.
	 * @return whether it was over
	 */
	boolean roll(Instant now) {
		if (this.window == null || now.isBefore(this.window.end())) {
			return false;
		}
		this.window = this.limit.period().windowAt(now);
		show(0, NEVER);
		this.fresh = true;
		return true;
	}

	/**
	 * Tell whether the period is yet to begin: clocks go back. What a call uses then is
	 * of the last period, of which nothing is known any more.
	 */
	boolean isAheadOf(Instant now) {
		return this.window != null && now.isBefore(this.window.start());
	}

	/**
	 * Begin to count anew what was used here.
	 */
	void beginRecount() {
		this.unshown = 0;
		this.possiblyUnshown = 0;
	}

	/**
	 * Count usage that was here before.
	 */
	void recount(Relation relation, long minute, long units) {
		if (relation != Relation.NONE && isIn(minute)) {
			this.possiblyUnshown += units;
			this.unshown += (relation == Relation.SURE) ? units : 0;
		}
	}

	/**
	 * End to count anew.
	 * @param answered whether there was an answer
	 * @param anew whether the same usage may count otherwise than before
	 */
	void endRecount(boolean answered, boolean anew) {
		this.count = reckon(this.count, this.unshown);
		this.most = reckon(this.most, this.possiblyUnshown);
		this.allowance.recounted(this.fresh, answered, anew);
		this.fresh = false;
	}

	/**
	 * Some usage may be in both, what 3scale showed and what it may not have shown. So
	 * the sum is an upper bound, and what was reckoned before another one.
	 */
	private long reckon(long before, long unshown) {
		long sum = plus(this.shown, unshown);
		return this.fresh ? sum : Math.max(this.shown, Math.min(before, sum));
	}

	/**
	 * Count usage of a metric.
	 */
	void use(Relation relation, long minute, long units) {
		if (relation == Relation.NONE || !isIn(minute)) {
			return;
		}
		this.possiblyUnshown += units;
		this.most = Math.max(this.shown, plus(this.most, units));
		long sure = (relation == Relation.SURE) ? units : 0;
		this.unshown += sure;
		this.count = Math.max(this.shown, plus(this.count, sure));
		this.allowance.used(sure, units);
	}

	private boolean isIn(long minute) {
		return this.window == null || minute >= this.window.start().getEpochSecond() / SECONDS;
	}

	/**
	 * Decide about a call.
	 * @param sure what it takes for sure, {@code -1} if it may not touch the limit
	 * @param possible what it takes at most, {@code -1} if it does not touch the limit
	 * @param now the steady time
	 */
	Decision decide(long sure, long possible, long now) {
		if (sure >= 0 && sure > this.limit.max() - this.shown) {
			return Decision.REFUSED;
		}
		if (possible < 0) {
			return Decision.ADMITTED;
		}
		return this.allowance.decide(possible, now);
	}

	/**
	 * Tell whether 3scale may be asked for a call: if it grants what it has not counted
	 * yet, no more than the guard goes beyond the limit.
	 */
	boolean bears(long sure) {
		return sure < 0 || this.allowance.bears(sure);
	}

	static long plus(long one, long other) {
		return (other > Long.MAX_VALUE - one) ? Long.MAX_VALUE : one + other;
	}

	/**
	 * Return the value of the counter beyond which 3scale decides each call.
	 */
	long beginOfGuard() {
		return this.limit.max() - this.guarded;
	}

	/**
	 * Return the value that the counter never passes.
	 */
	long endOfGuard() {
		return plus(this.limit.max(), this.guarded);
	}

	Limit limit() {
		return this.limit;
	}

	@Nullable PeriodWindow window() {
		return this.window;
	}

	Allowance allowance() {
		return this.allowance;
	}

	long shown() {
		return this.shown;
	}

	long shownAt() {
		return this.shownAt;
	}

	long unshown() {
		return this.unshown;
	}

	long possiblyUnshown() {
		return this.possiblyUnshown;
	}

	long count() {
		return this.count;
	}

	long most() {
		return this.most;
	}

}

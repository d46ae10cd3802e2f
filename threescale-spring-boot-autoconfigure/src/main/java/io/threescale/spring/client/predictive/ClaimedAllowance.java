package io.threescale.spring.client.predictive;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.threescale.spring.PeriodWindow;
import io.threescale.spring.client.predictive.Claims.Grant;
import io.threescale.spring.client.predictive.Claims.Window;

/**
 * The allowance of an instance of a fleet: what it has claimed and not used yet. While
 * claims cannot be made, and what was claimed is used up, it is that of an instance
 * alone.
 */
final class ClaimedAllowance implements Allowance {

	private static final long NOT_KNOWN = Long.MAX_VALUE;

	/**
	 * How long what was claimed may be used. Others have it 40 s after an instance was
	 * heard of for the last time, or later.
	 */
	private static final Duration GOOD_FOR = Duration.ofSeconds(20);

	/** How long nothing to be had means that nothing is to be had. */
	private static final Duration CURRENT_FOR = SharedHeadroom.INTERVAL.multipliedBy(2);

	private final LimitCounter counter;

	private final SharedHeadroom headroom;

	private final HeadroomShare alone;

	/** Tells apart sums that cannot be compared. */
	private long generation;

	private long totalSure;

	private long totalPossible;

	private long left;

	/** What should be left after a claim. */
	private long slice;

	/** What could be claimed beyond that. */
	private long room = NOT_KNOWN;

	/** When the last claim was made, by the steady time. */
	private long claimedAt = LimitCounter.NEVER;

	private boolean used;

	ClaimedAllowance(LimitCounter counter, SharedHeadroom headroom) {
		this.counter = counter;
		this.headroom = headroom;
		this.alone = new HeadroomShare(counter, headroom::shareAlone);
	}

	@Override
	public void recounted(boolean fresh, boolean answered, boolean anew) {
		this.alone.recounted(fresh, answered, anew);
		if (fresh) {
			this.left = 0;
			this.room = NOT_KNOWN;
		}
		if (fresh || anew) {
			this.generation = this.headroom.next();
			this.totalSure = this.counter.unshown();
			this.totalPossible = this.counter.possiblyUnshown();
		}
	}

	@Override
	public void used(long sure, long possible) {
		this.totalSure += sure;
		this.totalPossible += possible;
		this.left -= Math.max(0, possible);
		this.used = true;
	}

	@Override
	public Decision decide(long possible, long now) {
		if (possible <= this.left && claimedWithin(GOOD_FOR, now)) {
			return Decision.ADMITTED;
		}
		if (this.headroom.isAway()) {
			return this.alone.decide(possible, now);
		}
		boolean spent = possible > LimitCounter.plus(this.left, this.room) && claimedWithin(CURRENT_FOR, now);
		return spent ? Decision.NEAR_LIMIT : Decision.SHARE_SPENT;
	}

	private boolean claimedWithin(Duration duration, long now) {
		return this.claimedAt != LimitCounter.NEVER && now - this.claimedAt < duration.toNanos();
	}

	@Override
	public boolean bears(long sure) {
		long ofOthers = guard() - ownGuard();
		return !this.headroom.isAway() || this.alone.bears(LimitCounter.plus(sure, ofOthers));
	}

	private long ownGuard() {
		return guard() / this.headroom.instances();
	}

	private long guard() {
		return this.counter.endOfGuard() - this.counter.limit().max();
	}

	@Override
	public boolean isLow() {
		return this.left < this.slice / 2 && this.room > 0 && !this.headroom.isAway();
	}

	boolean isUsed() {
		return this.used;
	}

	boolean hasLeft() {
		return this.left > 0;
	}

	LimitCounter counter() {
		return this.counter;
	}

	void drop() {
		this.left = 0;
	}

	/**
	 * Claim what was used, and what may be used. All slices together are no more than the
	 * guard, so that 3scale may be asked for a call up to the limit, whatever others have
	 * left.
	 * @param inUse whether any is to be left
	 * @param needed what should be left at least
	 */
	Window claim(boolean inUse, long needed, long asked, long askedPossible) {
		long now = this.headroom.now();
		boolean good = inUse && claimedWithin(GOOD_FOR, now);
		this.slice = inUse ? ownGuard() : 0;
		this.left = good ? Math.max(0, Math.min(this.left, this.slice)) : 0;
		this.used = false;
		return new Window(name(), this.generation, this.counter.shown(), age(now), this.counter.unshown(),
				this.counter.possiblyUnshown(), this.totalSure, this.totalPossible, this.left,
				Math.max(this.slice, needed), asked, askedPossible, this.counter.beginOfGuard(),
				this.counter.endOfGuard());
	}

	/**
	 * Take over what became of a claim, unless it was of another period, or usage counts
	 * otherwise by now.
	 * @param claimed what was claimed
	 * @param grant what the instance got
	 * @param sentAt when the claim was made, by the steady time
	 * @param latest whether it has not claimed anything else since
	 */
	void granted(Window claimed, Grant grant, long sentAt, boolean latest) {
		if (this.generation != claimed.generation() || !name().equals(claimed.name())) {
			return;
		}
		long shownAt = (grant.age() != Claims.NEVER) ? sentAt - TimeUnit.MILLISECONDS.toNanos(grant.age())
				: LimitCounter.NEVER;
		if (shownAt > this.counter.shownAt()) {
			this.counter.show(grant.shown(), shownAt);
		}
		if (latest) {
			this.left += grant.granted();
			this.room = grant.room();
			this.claimedAt = sentAt;
		}
	}

	private long age(long now) {
		return (this.counter.shownAt() != LimitCounter.NEVER)
				? TimeUnit.NANOSECONDS.toMillis(now - this.counter.shownAt()) + 1 : Claims.NEVER;
	}

	private String name() {
		PeriodWindow window = this.counter.window();
		return this.counter.limit().metric() + '|' + this.counter.limit().period() + '|'
				+ ((window != null) ? window.start().getEpochSecond() : "");
	}

}

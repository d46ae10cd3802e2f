package io.threescale.spring.client.predict;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Extension;
import org.jspecify.annotations.Nullable;

/**
 * What is known here of one application: what 3scale showed last, and the own usage it
 * may not have shown. Guarded by its monitor, in which nothing waits.
 */
final class Account {

	private final PlanLimits plan;

	private final PredictionSettings settings;

	private final LimitAccounts limits;

	/** What was admitted since the last settlement; the rest is on its way. */
	private @Nullable UnshownUsage open;

	/** How many admitted calls have not put their usage into the buffer yet. */
	private final AtomicInteger arriving = new AtomicInteger();

	/** When 3scale was asked for what it showed last. */
	private Instant shownOf = Instant.MIN;

	private Granted granted = new Granted(ApplicationStatus.UNKNOWN);

	private final Permissions permissions = new Permissions();

	Account(PlanLimits plan, PredictionSettings settings) {
		this.plan = plan;
		this.settings = settings;
		this.limits = new LimitAccounts(plan, settings);
	}

	boolean isOf(PlanLimits plan) {
		return this.plan.equals(plan);
	}

	Permissions permissions() {
		return this.permissions;
	}

	/**
	 * Decide about a call, and put its usage on the account if it is admitted.
	 */
	synchronized Verdict admit(Usage usage, Instant now) {
		long[] demand = this.plan.demand(usage);
		return admitIf(verdict(demand, now), demand);
	}

	/**
	 * Decide about a call whose usage is put on the account when it is done.
	 */
	synchronized Verdict verdict(Usage usage, Instant now) {
		return verdict(this.plan.demand(usage), now);
	}

	private Verdict verdict(long[] demand, Instant now) {
		this.limits.roll(now);
		return this.limits.areAheadOf(now) ? Verdict.NEAR_LIMIT : this.limits.verdict(demand);
	}

	/**
	 * Put usage on the account that was decided about before, if at all.
	 */
	synchronized void use(Usage usage, Instant now) {
		this.limits.roll(now);
		admit(this.plan.demand(usage));
	}

	/**
	 * Decide about a call while 3scale cannot be asked: an old answer is good for a while
	 * longer, and up to the limits.
	 */
	synchronized Verdict admitByLastKnown(Usage usage, Instant now) {
		long[] demand = this.plan.demand(usage);
		return admitIf(verdictByLastKnown(demand, now), demand);
	}

	synchronized Verdict verdictByLastKnown(Usage usage, Instant now) {
		return verdictByLastKnown(this.plan.demand(usage), now);
	}

	private Verdict verdictByLastKnown(long[] demand, Instant now) {
		this.limits.roll(now);
		boolean refused = this.limits.verdict(demand) == Verdict.REFUSED || !this.limits.bear(demand);
		return refused ? Verdict.REFUSED : Verdict.ADMITTED;
	}

	private Verdict admitIf(Verdict verdict, long[] demand) {
		if (verdict == Verdict.ADMITTED) {
			admit(demand);
		}
		return verdict;
	}

	private void admit(long[] demand) {
		if (this.open == null) {
			this.open = this.limits.put(demand, false);
		}
		else {
			this.limits.add(demand, this.open);
		}
		this.arriving.incrementAndGet();
	}

	/**
	 * Set usage aside for a call 3scale itself is to decide.
	 * @return what was set aside, or {@code null} if so many calls wait for a decision
	 * that their usage might go beyond a limit by more than the guard
	 */
	synchronized @Nullable UnshownUsage reserve(Usage usage, Instant now) {
		this.limits.roll(now);
		long[] demand = this.plan.demand(usage);
		return this.limits.bear(demand) ? this.limits.put(demand, true) : null;
	}

	/**
	 * Give back usage 3scale did not grant.
	 */
	synchronized void release(UnshownUsage reserved) {
		this.limits.takeBack(reserved);
	}

	/**
	 * Take over the answer to a call 3scale decided and counted; the answer includes it,
	 * but later ones may not at once.
	 */
	synchronized void counted(UnshownUsage reserved, Granted answer, Instant askedAt, Instant now) {
		this.limits.roll(now);
		this.limits.forget(reserved);
		show(answer.status(), askedAt, now);
		reserved.deliveredAt(now);
		this.limits.remember(reserved);
	}

	/**
	 * Note that the usage of an admitted call is in the buffer, and a settlement delivers
	 * it.
	 */
	void arrived() {
		this.arriving.decrementAndGet();
	}

	/**
	 * Close what was admitted so far, to be delivered. While usage is still on its way
	 * into the buffer there is no telling what a settlement delivers, so nothing is
	 * closed.
	 * @return what is to be marked as delivered when it is, or {@code null}
	 */
	synchronized @Nullable UnshownUsage close() {
		UnshownUsage closed = (this.arriving.get() == 0) ? this.open : null;
		if (closed != null) {
			this.open = null;
		}
		return closed;
	}

	/**
	 * Note that usage was delivered, or may have been, in the period that is now.
	 */
	synchronized void delivered(UnshownUsage closed, Instant now) {
		this.limits.roll(now);
		closed.deliveredAt(now);
	}

	/**
	 * Take back what could not be delivered; it is to be tried again.
	 */
	synchronized void reopen(UnshownUsage closed) {
		if (this.open == null) {
			this.open = closed;
		}
		else if (this.limits.forget(closed)) {
			this.open.add(closed);
		}
	}

	/**
	 * Take over usage that 3scale may not show yet, and that was not used here.
	 * @param usage the usage
	 * @param delivered whether it was delivered
	 * @param now the time
	 */
	synchronized void inherit(Usage usage, boolean delivered, Instant now) {
		this.limits.roll(now);
		UnshownUsage inherited = this.limits.put(this.plan.demand(usage), false);
		if (delivered) {
			inherited.deliveredAt(now);
		}
		else {
			reopen(inherited);
		}
	}

	/**
	 * Take over what 3scale shows, unless a later question was answered before: that
	 * answer may show usage which is forgotten here.
	 * @param status the answer
	 * @param askedAt when it was asked for it
	 * @param now the time
	 */
	synchronized void show(ApplicationStatus status, Instant askedAt, Instant now) {
		if (askedAt.isBefore(this.shownOf)) {
			return;
		}
		this.shownOf = askedAt;
		this.limits.roll(now);
		this.limits.show(status, askedAt.minus(this.settings.settleTime()));
		this.granted = new Granted(status);
	}

	/**
	 * Say of a granted call what 3scale would say if it was asked for the limit that
	 * binds, and else what it said last.
	 */
	synchronized Granted granted(AuthorizationRequest request, Instant now) {
		return request.extensions().contains(Extension.LIMIT_HEADERS)
				? this.limits.granted(this.granted.status(), this.plan.demand(request.usage()), now) : this.granted;
	}

	/**
	 * Say of a refused call what 3scale would say.
	 */
	synchronized Denied denied(Usage usage, Instant now) {
		return this.limits.denied(this.granted.status(), this.plan.demand(usage), now);
	}

}

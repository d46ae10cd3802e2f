package io.threescale.spring.client.predictive;

import java.time.Instant;
import java.util.List;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.Authorization.Source;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.Usage;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Extension;
import io.threescale.spring.client.predictive.MetricTree.Relation;
import io.threescale.spring.client.predictive.Plan.Demand;
import io.threescale.spring.client.reporting.ApplicationUsage;
import io.threescale.spring.client.reporting.ApplicationUsage.Reservation;
import io.threescale.spring.client.reporting.KeptAnswer;
import org.jspecify.annotations.Nullable;

/**
 * What 3scale showed of one application when it was asked last, brought up to date with
 * what the application has used since. It reads that from the book, and hears of changes.
 * Guarded by the monitor of the {@link ApplicationUsage} it follows.
 */
final class ApplicationLimits implements KeptAnswer {

	private final Plan plan;

	private final LimitCounter[] counters;

	private final Permissions permissions = new Permissions();

	private final PredictionSettings settings;

	/** When 3scale was asked for the latest answer. */
	private long answerAskedAt = LimitCounter.NEVER;

	/** When it was asked for what all counters show, or for something later. */
	private long askedAt = LimitCounter.NEVER;

	private long treeVersion;

	private Granted granted = new Granted(ApplicationStatus.UNKNOWN);

	/** Until when somebody may decide by this, by the steady time. */
	private volatile long keptUntil = Long.MIN_VALUE;

	ApplicationLimits(Plan plan, PredictionSettings settings, Headroom headroom) {
		this.plan = plan;
		this.settings = settings;
		this.counters = plan.limits()
			.stream()
			.map((limit) -> new LimitCounter(limit, settings.guard(), headroom))
			.toArray(LimitCounter[]::new);
	}

	boolean isOf(Plan plan) {
		return this.plan.equals(plan);
	}

	Permissions permissions() {
		return this.permissions;
	}

	LimitCounter[] counters() {
		return this.counters;
	}

	/**
	 * Tell whether more of any limit should be at hand soon.
	 */
	boolean isLow() {
		for (LimitCounter counter : this.counters) {
			if (counter.allowance().isLow()) {
				return true;
			}
		}
		return false;
	}

	Demand demand(Usage used) {
		return this.plan.demand(used);
	}

	/**
	 * Have the book tell this of all changes, and be as it is now.
	 */
	private void follow(ApplicationUsage usage, Instant now) {
		boolean anew = isToBeCountedAnew(usage);
		boolean changed = anew;
		for (LimitCounter counter : this.counters) {
			changed |= counter.roll(now);
		}
		if (changed) {
			recount(usage, null, false, anew);
		}
	}

	private boolean isToBeCountedAnew(ApplicationUsage usage) {
		return !usage.keeps(this) || this.treeVersion != this.plan.version();
	}

	/**
	 * Be as the book is now, also where it does not tell of changes: of usage that 3scale
	 * shows by now.
	 */
	void recount(ApplicationUsage usage, Instant now) {
		follow(usage, now);
		recount(usage, null, false, false);
	}

	private void recount(ApplicationUsage usage, @Nullable Reservation leftOut, boolean answered, boolean anew) {
		usage.keep(this);
		this.treeVersion = this.plan.version();
		for (LimitCounter counter : this.counters) {
			counter.beginRecount();
		}
		usage.forEachUnshown((metric, minute, units) -> {
			Relation[] relations = this.plan.relations(metric);
			for (int i = 0; i < this.counters.length; i++) {
				this.counters[i].recount(relations[i], minute, units);
			}
		}, leftOut);
		for (LimitCounter counter : this.counters) {
			counter.endRecount(answered, anew);
		}
	}

	@Override
	public void used(String metric, long minute, long units) {
		Relation[] relations = this.plan.relations(metric);
		for (int i = 0; i < this.counters.length; i++) {
			this.counters[i].use(relations[i], minute, units);
		}
	}

	@Override
	public long askedAt() {
		return this.askedAt;
	}

	@Override
	public boolean isKept(long now) {
		return now < this.keptUntil;
	}

	/**
	 * Note that nobody decides by this any more.
	 */
	void discard() {
		this.keptUntil = Long.MIN_VALUE;
	}

	/**
	 * Decide about a call by an answer that is good.
	 * @param now the time of the call
	 * @param steadyNow the same by the steady time
	 */
	Decision decide(ApplicationUsage usage, Usage used, Instant now, long steadyNow) {
		follow(usage, now);
		Demand demand = this.plan.demand(used);
		Decision decision = Decision.ADMITTED;
		for (int i = 0; i < this.counters.length; i++) {
			decision = decision.or(this.counters[i].isAheadOf(now) ? Decision.NEAR_LIMIT
					: this.counters[i].decide(demand.sure()[i], demand.possible()[i], steadyNow));
		}
		return decision;
	}

	/**
	 * Decide about a call while 3scale cannot be asked: an old answer is good for a while
	 * longer, and up to the limits.
	 */
	Decision decideByLastKnown(ApplicationUsage usage, Usage used, Instant now, long steadyNow) {
		Decision decision = decide(usage, used, now, steadyNow);
		return bears(used, Long.MAX_VALUE) ? decision : Decision.REFUSED;
	}

	/**
	 * Tell whether 3scale may be asked for a call without any risk of going beyond the
	 * guard of a limit.
	 */
	boolean bears(ApplicationUsage usage, Usage used, Instant now) {
		follow(usage, now);
		return bears(used, Long.MAX_VALUE);
	}

	/**
	 * Tell the same of a call, the usage of which is set aside.
	 */
	boolean bearsReserved(Usage used) {
		return bears(used, 0);
	}

	private boolean bears(Usage used, long atMost) {
		Demand demand = this.plan.demand(used);
		for (int i = 0; i < this.counters.length; i++) {
			if (!this.counters[i].bears(Math.min(demand.sure()[i], atMost))) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Take over what 3scale shows, unless a later question was answered before: that
	 * answer may show usage which is forgotten here.
	 * @param usage what the application has used
	 * @param status the answer
	 * @param askedAt when 3scale was asked for it, by the steady time
	 * @param included usage the answer includes, or {@code null}
	 */
	void show(ApplicationUsage usage, ApplicationStatus status, long askedAt, @Nullable Reservation included) {
		if (askedAt < this.answerAskedAt) {
			return;
		}
		this.answerAskedAt = askedAt;
		this.keptUntil = askedAt + this.settings.timeToLive().plus(this.settings.lastKnownFor()).toNanos();
		this.granted = new Granted(
				new ApplicationStatus(status.plan(), status.usageReports(), null, status.hierarchy(), List.of(), null),
				Source.LOCAL);
		boolean anew = isToBeCountedAnew(usage);
		boolean current = true;
		List<UsageReport> reports = Plan.sorted(status);
		for (int i = 0; i < this.counters.length; i++) {
			current &= this.counters[i].show(reports.get(i), askedAt);
		}
		if (current) {
			confirm(usage, askedAt);
		}
		recount(usage, included, true, anew);
	}

	/**
	 * Forget unconfirmed usage that all counters show.
	 */
	private void confirm(ApplicationUsage usage, long askedAt) {
		if (askedAt > this.askedAt) {
			this.askedAt = askedAt;
			usage.confirmUntil(askedAt - this.settings.settleTime().toNanos());
		}
	}

	/**
	 * Note that all counters are as 3scale has shown them to others.
	 * @param askedAt when 3scale was asked for the oldest of them, by the steady time
	 */
	void shown(ApplicationUsage usage, long askedAt) {
		confirm(usage, askedAt);
		recount(usage, null, false, false);
	}

	/**
	 * Say of a granted call what 3scale would say: how all limits stand if it was asked
	 * for the one that binds, and else what it said last.
	 */
	Granted granted(AuthorizationRequest request, Instant now) {
		return request.extensions().contains(Extension.LIMIT_HEADERS)
				? new Granted(status(request.usage(), now), Source.LOCAL) : this.granted;
	}

	/**
	 * Tell how the limits stand here.
	 */
	ApplicationStatus status(ApplicationUsage usage, Instant now) {
		follow(usage, now);
		return status(Usage.NONE, now);
	}

	private ApplicationStatus status(Usage used, Instant now) {
		return LimitStatus.of(this.plan, this.counters, this.plan.demand(used), now);
	}

	/**
	 * Say of a refused call what 3scale would say.
	 */
	Denied denied(ApplicationUsage usage, Usage used, Instant now) {
		follow(usage, now);
		return new Denied(ErrorCode.LIMITS_EXCEEDED, "usage limits are exceeded", status(used, now), Source.LOCAL);
	}

}

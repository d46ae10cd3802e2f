package io.threescale.spring.client.predictive;

import java.time.Instant;
import java.util.List;
import java.util.function.DoubleSupplier;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.Authorization.Source;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.Usage;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Extension;
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

	private final DoubleSupplier headroomShare;

	private long askedAt = Long.MIN_VALUE;

	private long treeVersion;

	private Granted granted = new Granted(ApplicationStatus.UNKNOWN);

	/** Until when somebody may decide by this, by the steady time. */
	private volatile long keptUntil = Long.MIN_VALUE;

	ApplicationLimits(Plan plan, PredictionSettings settings, DoubleSupplier headroomShare) {
		this.plan = plan;
		this.settings = settings;
		this.headroomShare = headroomShare;
		this.counters = plan.limits()
			.stream()
			.map((limit) -> new LimitCounter(limit, settings.guard()))
			.toArray(LimitCounter[]::new);
	}

	boolean isOf(Plan plan) {
		return this.plan.equals(plan);
	}

	Permissions permissions() {
		return this.permissions;
	}

	/**
	 * Have the book tell this of all changes, and be as it is now.
	 */
	private void follow(ApplicationUsage usage, Instant now) {
		boolean changed = !usage.keeps(this) || this.treeVersion != this.plan.version();
		if (changed) {
			usage.keep(this);
		}
		for (LimitCounter counter : this.counters) {
			changed |= counter.roll(now);
		}
		if (changed) {
			recount(usage, null, false);
		}
	}

	private void recount(ApplicationUsage usage, @Nullable Reservation leftOut, boolean answered) {
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
			counter.endRecount(this.headroomShare.getAsDouble(), answered);
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
	 */
	Decision decide(ApplicationUsage usage, Usage used, Instant now) {
		follow(usage, now);
		Demand demand = this.plan.demand(used);
		Decision decision = Decision.ADMITTED;
		for (int i = 0; i < this.counters.length; i++) {
			decision = decision.or(this.counters[i].isAheadOf(now) ? Decision.NEAR_LIMIT
					: this.counters[i].decide(demand.sure()[i], demand.possible()[i]));
		}
		return decision;
	}

	/**
	 * Decide about a call while 3scale cannot be asked: an old answer is good for a while
	 * longer, and up to the limits.
	 */
	Decision decideByLastKnown(ApplicationUsage usage, Usage used, Instant now) {
		return (decide(usage, used, now) == Decision.REFUSED || !bears(used)) ? Decision.REFUSED : Decision.ADMITTED;
	}

	/**
	 * Tell whether 3scale may be asked for a call without any risk of going beyond the
	 * guard of a limit.
	 */
	boolean bears(ApplicationUsage usage, Usage used, Instant now) {
		follow(usage, now);
		return bears(used);
	}

	private boolean bears(Usage used) {
		Demand demand = this.plan.demand(used);
		for (int i = 0; i < this.counters.length; i++) {
			if (!this.counters[i].bears(demand.sure()[i])) {
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
		if (askedAt < this.askedAt) {
			return;
		}
		this.askedAt = askedAt;
		this.keptUntil = askedAt + this.settings.timeToLive().plus(this.settings.lastKnownFor()).toNanos();
		this.granted = new Granted(
				new ApplicationStatus(status.plan(), status.usageReports(), null, status.hierarchy(), List.of(), null),
				Source.LOCAL);
		usage.keep(this);
		usage.confirmUntil(askedAt - this.settings.settleTime().toNanos());
		List<UsageReport> reports = Plan.sorted(status);
		for (int i = 0; i < this.counters.length; i++) {
			this.counters[i].show(reports.get(i));
		}
		recount(usage, included, true);
	}

	/**
	 * Say of a granted call what 3scale would say: how all limits stand if it was asked
	 * for the one that binds, and else what it said last.
	 */
	Granted granted(AuthorizationRequest request, Instant now) {
		return request.extensions().contains(Extension.LIMIT_HEADERS)
				? new Granted(LimitStatus.of(this.plan, this.counters, this.plan.demand(request.usage()), now),
						Source.LOCAL)
				: this.granted;
	}

	/**
	 * Tell how the limits stand here.
	 */
	ApplicationStatus status(ApplicationUsage usage, Instant now) {
		follow(usage, now);
		return LimitStatus.of(this.plan, this.counters, this.plan.demand(Usage.NONE), now);
	}

	/**
	 * Say of a refused call what 3scale would say.
	 */
	Denied denied(ApplicationUsage usage, Usage used, Instant now) {
		follow(usage, now);
		return new Denied(ErrorCode.LIMITS_EXCEEDED, "usage limits are exceeded",
				LimitStatus.of(this.plan, this.counters, this.plan.demand(used), now), Source.LOCAL);
	}

}

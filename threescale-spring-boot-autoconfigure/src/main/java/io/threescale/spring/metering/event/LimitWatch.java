package io.threescale.spring.metering.event;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.PeriodWindow;
import io.threescale.spring.Usage;
import io.threescale.spring.UsageReport;
import io.threescale.spring.metering.ApplicationNames;
import io.threescale.spring.metering.MeteringDecision;
import io.threescale.spring.metering.MeteringListener;
import io.threescale.spring.metering.MeteringOutcome;
import io.threescale.spring.metering.problem.CallLimit;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Hears of decisions, and tells once a period that an application has used a share of a
 * limit, and that it was denied. An application that is far from its limits costs a
 * comparison each.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class LimitWatch implements MeteringListener {

	private static final int MAX_LIMITS = 10_000;

	private final Map<Limit, Told> told = new ConcurrentHashMap<>();

	private final double[] shares;

	private final ApplicationNames names;

	private final ApplicationEventPublisher events;

	private final Clock clock;

	/**
	 * Create a watch.
	 * @param shares the shares of a limit to tell of, each above 0
	 * @param names names the applications
	 * @param events takes the events; must not wait
	 * @param clock tells the time
	 */
	public LimitWatch(Collection<Double> shares, ApplicationNames names, ApplicationEventPublisher events,
			Clock clock) {
		this.shares = shares.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		this.names = names;
		this.events = events;
		this.clock = clock;
	}

	/**
	 * A limit of an application.
	 */
	private record Limit(String service, ApplicationCredentials application, String metric, String period) {
	}

	/**
	 * What was told of a limit.
	 *
	 * @param window the period, or {@code null} for ever
	 * @param shares how many of the shares
	 * @param denied whether the application was denied
	 */
	private record Told(@Nullable PeriodWindow window, int shares, boolean denied) {

		private boolean isOver(Instant now) {
			return this.window != null && !now.isBefore(this.window.end());
		}

		private boolean isOf(@Nullable PeriodWindow window) {
			return Objects.equals(this.window, window);
		}

		/**
		 * Add what is to be told now. An answer that comes late may be of a period
		 * before.
		 */
		private Told and(Told now) {
			if (isOf(now.window)) {
				return new Told(this.window, Math.max(this.shares, now.shares), this.denied || now.denied);
			}
			return (this.window != null && now.window != null && now.window.start().isBefore(this.window.start()))
					? this : now;
		}

	}

	@Override
	public void decided(MeteringDecision decision) {
		Authorization authorization = decision.authorization();
		ApplicationCredentials caller = decision.caller();
		if (authorization == null || caller == null) {
			return;
		}
		for (UsageReport report : authorization.usageReports()) {
			int reached = reached(report);
			if (reached > 0) {
				tell(decision, caller, report, reached, false);
			}
		}
		if (decision.outcome() == MeteringOutcome.DENIED && authorization instanceof Denied denied
				&& denied.code().equals(ErrorCode.LIMITS_EXCEEDED)) {
			for (CallLimit limit : CallLimit.of(denied.status(), decision.operation().usage(), this.clock.instant())) {
				UsageReport report = limit.report();
				if (report != null && limit.isViolated()) {
					tell(decision, caller, report, reached(report), true);
				}
			}
		}
	}

	private int reached(UsageReport report) {
		int reached = 0;
		while (reached < this.shares.length && report.maxValue() > 0
				&& report.currentValue() >= this.shares[reached] * report.maxValue()) {
			reached++;
		}
		return reached;
	}

	private void tell(MeteringDecision decision, ApplicationCredentials caller, UsageReport report, int reached,
			boolean denied) {
		Limit limit = new Limit(decision.service(), caller.identity(), report.metric(), report.period().name());
		Told now = new Told(report.window(), reached, denied);
		Told before = this.told.get(limit);
		Told next = (before != null) ? before.and(now) : now;
		if (next.equals(before)) {
			return;
		}
		makeRoom();
		boolean first = (before != null) ? this.told.replace(limit, before, next)
				: this.told.putIfAbsent(limit, next) == null;
		if (first) {
			publish(decision, caller, report,
					(before != null && before.isOf(next.window())) ? before : new Told(next.window(), 0, false), next);
		}
		else {
			tell(decision, caller, report, reached, denied);
		}
	}

	private void publish(MeteringDecision decision, ApplicationCredentials caller, UsageReport limit, Told before,
			Told now) {
		String name = this.names.of(caller);
		Authorization authorization = decision.authorization();
		String plan = (authorization != null) ? authorization.plan() : null;
		for (int i = before.shares(); i < now.shares(); i++) {
			this.events.publishEvent(new LimitShareReachedEvent(decision.service(), name, caller.identity(), plan,
					limit, this.shares[i]));
		}
		if (now.denied() && !before.denied()) {
			this.events
				.publishEvent(new ApplicationDeniedEvent(decision.service(), name, caller.identity(), plan, limit));
		}
	}

	/**
	 * Forget the limits whose period is over, and if that does not help, any.
	 */
	private void makeRoom() {
		if (this.told.size() < MAX_LIMITS) {
			return;
		}
		Instant now = this.clock.instant();
		this.told.values().removeIf((known) -> known.isOver(now));
		Iterator<Limit> rest = this.told.keySet().iterator();
		while (this.told.size() >= MAX_LIMITS && rest.hasNext()) {
			rest.next();
			rest.remove();
		}
	}

	@Override
	public void used(String service, Usage usage, boolean counted) {
	}

}

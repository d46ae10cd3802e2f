package io.threescale.spring.client.predictive;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.client.predictive.Claims.Outcome;
import io.threescale.spring.client.predictive.Claims.Reply;
import io.threescale.spring.client.predictive.Claims.Request;
import io.threescale.spring.client.predictive.Claims.Window;
import io.threescale.spring.client.predictive.Plan.Demand;
import io.threescale.spring.client.reporting.ApplicationUsage;

/**
 * What this instance claims of the limits of one application. Guarded by the monitor of
 * its usage.
 */
final class ApplicationClaims {

	/**
	 * What was used is taken for shown by an answer that was asked for 30 seconds after
	 * this instance has left. So it says again that it leaves while 3scale does not have
	 * all of it.
	 */
	private static final Duration LEAVE_AGAIN = Duration.ofSeconds(10);

	private final ApplicationCredentials application;

	private final ApplicationLimits limits;

	private final List<ClaimedAllowance> allowances;

	/** The latest request. */
	private long sequence;

	/** When this instance has left the application to others, by the steady time. */
	private volatile long leftAt = -LEAVE_AGAIN.toNanos();

	ApplicationClaims(ApplicationCredentials application, ApplicationLimits limits) {
		this.application = application;
		this.limits = limits;
		this.allowances = Stream.of(limits.counters())
			.map((counter) -> (ClaimedAllowance) counter.allowance())
			.toList();
	}

	ApplicationCredentials application() {
		return this.application;
	}

	ApplicationLimits limits() {
		return this.limits;
	}

	/**
	 * Tell whether there is something to say about the application. It is asked outside
	 * of the monitor, and what it misses is there the next time.
	 * @param now the steady time
	 */
	boolean isDue(long now) {
		return this.limits.isKept(now) ? (isUsed() || hasLeft()) : (now - this.leftAt >= LEAVE_AGAIN.toNanos());
	}

	/**
	 * Tell whether the application was used since the last request.
	 */
	boolean isUsed() {
		return this.allowances.stream().anyMatch(ClaimedAllowance::isUsed);
	}

	private boolean hasLeft() {
		return this.allowances.stream().anyMatch(ClaimedAllowance::hasLeft);
	}

	/**
	 * Claim what was used and may be used.
	 * @param inUse whether any is to be left
	 * @param needed what is wanted at least
	 * @param asked the usage of the call that 3scale is to be asked for, which is set
	 * aside already, or none
	 */
	Request request(ApplicationUsage usage, Instant now, long sequence, boolean inUse, Usage needed, Usage asked) {
		this.sequence = sequence;
		this.limits.recount(usage, now);
		long[] need = this.limits.demand(needed).possible();
		Demand demand = this.limits.demand(asked);
		List<Window> windows = new ArrayList<>(need.length);
		for (int i = 0; i < need.length; i++) {
			windows
				.add(this.allowances.get(i).claim(inUse, need[i], demand.sure()[i], Math.max(0, demand.possible()[i])));
		}
		return new Request(this.application, sequence, windows);
	}

	/**
	 * Leave the application to others. The book may tell another one of changes by now.
	 * @param now the steady time
	 */
	Request leave(long now, long sequence) {
		this.sequence = sequence;
		this.leftAt = now;
		this.allowances.forEach(ClaimedAllowance::drop);
		return new Request(this.application, sequence, List.of());
	}

	/**
	 * Take over what became of a request, and what 3scale has shown to others.
	 * @param sentAt when the request was made, by the steady time
	 */
	Outcome accept(ApplicationUsage usage, Request request, Reply reply, long sentAt) {
		if (reply.windows().isEmpty()) {
			return reply.outcome();
		}
		long askedAt = sentAt;
		for (int i = 0; i < this.allowances.size(); i++) {
			ClaimedAllowance allowance = this.allowances.get(i);
			allowance.granted(request.windows().get(i), reply.windows().get(i), sentAt,
					request.sequence() == this.sequence);
			askedAt = Math.min(askedAt, allowance.counter().shownAt());
		}
		this.limits.shown(usage, askedAt);
		return reply.outcome();
	}

}

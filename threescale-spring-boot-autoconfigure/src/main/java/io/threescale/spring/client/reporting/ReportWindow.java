package io.threescale.spring.client.reporting;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import io.threescale.spring.Authorization;
import io.threescale.spring.client.SteadyTime;
import org.jspecify.annotations.Nullable;

/**
 * Knows which times 3scale takes in a report: the last 24 hours and the next one, by its
 * own clock ({@code protocol.md} 2.7). Until an answer tells that clock, it is taken to
 * be ours.
 */
final class ReportWindow {

	/** An hour is left for the queue of 3scale and for clocks that differ. */
	private static final Duration MAX_AGE = Duration.ofHours(23);

	private static final Duration MAX_LEAD = Duration.ofMinutes(55);

	/** What is further ahead does not come from a clock that is wrong. */
	private static final Duration MAX_WAIT = Duration.ofDays(1);

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final Clock clock;

	private final SteadyTime steadyTime;

	private volatile @Nullable BackendTime backendTime;

	ReportWindow(Clock clock, SteadyTime steadyTime) {
		this.clock = clock;
		this.steadyTime = steadyTime;
	}

	/**
	 * What the clock of 3scale has shown.
	 *
	 * @param time its time
	 * @param at when that was, by the steady time
	 */
	private record BackendTime(Instant time, long at) {
	}

	/**
	 * Learn the clock of 3scale, once a second at most.
	 */
	void learn(Authorization answer) {
		BackendTime known = this.backendTime;
		long now = this.steadyTime.read();
		Instant time = (known == null || now - known.at() >= SECOND) ? answer.status().backendTime() : null;
		if (time != null) {
			this.backendTime = new BackendTime(time, now);
		}
	}

	/**
	 * Tell whether 3scale takes usage of a time no more.
	 */
	boolean isTooOld(Instant time) {
		return time.isBefore(now().minus(MAX_AGE));
	}

	/**
	 * Tell whether 3scale does not take usage of a time yet.
	 */
	boolean isTooNew(Instant time) {
		return time.isAfter(now().plus(MAX_LEAD));
	}

	/**
	 * Tell whether a time is none that 3scale takes, nor soon will.
	 */
	boolean isHopeless(Instant time) {
		return isTooOld(time) || time.isAfter(now().plus(MAX_WAIT));
	}

	private Instant now() {
		BackendTime known = this.backendTime;
		return (known != null) ? known.time().plusNanos(this.steadyTime.read() - known.at()) : this.clock.instant();
	}

}

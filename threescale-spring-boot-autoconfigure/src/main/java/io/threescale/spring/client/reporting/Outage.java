package io.threescale.spring.client.reporting;

import java.time.Duration;

import org.apache.commons.logging.Log;

/**
 * Knows whether 3scale is away. After a report that was not answered nothing is sent
 * until 3scale itself has answered something harmless, so that no more than one report is
 * at risk. Says in the log when it begins and when it is over. Decides about reports
 * alone: whether calls may ask 3scale, its circuit breaker decides.
 */
final class Outage {

	private static final long NONE = Long.MIN_VALUE;

	private final Log log;

	private final SteadyTime steadyTime;

	/** Whether nothing has come from 3scale since the last failure. */
	private volatile boolean silent;

	private long since = NONE;

	Outage(Log log, SteadyTime steadyTime) {
		this.log = log;
		this.steadyTime = steadyTime;
	}

	/**
	 * Note that a report was not answered.
	 * @param failure why
	 * @param pending what waits, in words
	 */
	synchronized void failed(Throwable failure, String pending) {
		this.silent = true;
		if (this.since == NONE) {
			this.since = this.steadyTime.read();
			this.log.warn("Usage cannot be reported, as 3scale is away: " + failure.getMessage() + ". " + pending
					+ " wait, and are reported when 3scale is back, within 23 hours");
		}
	}

	/**
	 * Note that 3scale has answered some question.
	 */
	void answered() {
		if (this.silent) {
			this.silent = false;
		}
	}

	/**
	 * Note that 3scale has accepted a report.
	 */
	void accepted() {
		answered();
		synchronized (this) {
			if (this.since != NONE) {
				Duration duration = Duration.ofNanos(this.steadyTime.read() - this.since);
				this.since = NONE;
				this.log.info("Usage is reported again after " + duration.toSeconds() + " s");
			}
		}
	}

	/**
	 * Tell whether it is no use to send a report.
	 */
	boolean isSilent() {
		return this.silent;
	}

}

package io.threescale.spring.sandbox;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

import io.threescale.spring.PeriodWindow;

import org.jspecify.annotations.Nullable;

/**
 * Where an application stands with one limit of its plan.
 *
 * @param limit the limit
 * @param window the current period, or {@code null} for eternity
 * @param stored the counter before the call
 */
record LimitState(SandboxLimit limit, @Nullable PeriodWindow window, BigInteger stored) {

	boolean exceeded() {
		return !allows(this.stored);
	}

	/** Tell whether the call fits; a limit its usage does not touch cannot stop it. */
	boolean admits(RequestedUsage usage) {
		if (usage.isEmpty()) {
			return !exceeded();
		}
		UsageAmount amount = usage.counted().get(this.limit.metric());
		return amount == null || allows(amount.applyTo(this.stored));
	}

	/** The value the answer shows, which is the stored one unless the call counts. */
	BigInteger shown(@Nullable RequestedUsage counted) {
		UsageAmount amount = (counted != null) ? counted.shown().get(this.limit.metric()) : null;
		return (amount != null) ? amount.applyTo(this.stored) : this.stored;
	}

	/** How many more calls like this one fit, or {@code null} for any number. */
	@Nullable BigInteger remainingCalls(RequestedUsage usage, boolean counted) {
		BigInteger left = max().subtract(shown(counted ? usage : null));
		if (left.signum() <= 0) {
			return BigInteger.ZERO;
		}
		UsageAmount amount = usage.shown().get(this.limit.metric());
		if (amount == null || amount.value().signum() == 0) {
			return null;
		}
		if (amount.set()) {
			return (amount.value().compareTo(max()) > 0) ? BigInteger.ZERO : null;
		}
		return left.divide(amount.value());
	}

	/** How much of the limit is used up; a limit of 0 always is. */
	int percentUsed() {
		if (this.limit.max() == 0 || this.stored.compareTo(max()) >= 0) {
			return 100;
		}
		return this.stored.multiply(BigInteger.valueOf(100)).divide(max()).intValue();
	}

	long secondsToReset(Instant now) {
		if (this.window == null) {
			return -1;
		}
		Duration left = Duration.between(now, this.window.end());
		return left.getSeconds() + ((left.getNano() > 0) ? 1 : 0);
	}

	private boolean allows(BigInteger value) {
		return value.compareTo(max()) <= 0;
	}

	private BigInteger max() {
		return BigInteger.valueOf(this.limit.max());
	}

}

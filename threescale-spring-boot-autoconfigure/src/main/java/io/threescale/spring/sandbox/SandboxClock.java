package io.threescale.spring.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that runs ahead of another one by as much as it was advanced, or behind it.
 */
final class SandboxClock extends Clock {

	private final Clock clock;

	private final AtomicReference<Duration> ahead;

	SandboxClock(Clock clock) {
		this(clock, new AtomicReference<>(Duration.ZERO));
	}

	private SandboxClock(Clock clock, AtomicReference<Duration> ahead) {
		this.clock = clock;
		this.ahead = ahead;
	}

	void advance(Duration duration) {
		this.ahead.accumulateAndGet(duration, Duration::plus);
	}

	void reset() {
		this.ahead.set(Duration.ZERO);
	}

	@Override
	public Instant instant() {
		return this.clock.instant().plus(this.ahead.get());
	}

	@Override
	public ZoneId getZone() {
		return this.clock.getZone();
	}

	@Override
	public Clock withZone(ZoneId zone) {
		return new SandboxClock(this.clock.withZone(zone), this.ahead);
	}

}

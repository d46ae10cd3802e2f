package io.threescale.spring.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.Log;
import org.junit.jupiter.api.Test;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link QuietLog}.
 */
class QuietLogTests {

	private final Log log = mock(Log.class);

	/** A monotonic clock may begin anywhere, and overflow. */
	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(30).toNanos());

	private final QuietLog quiet = new QuietLog(this.log, this.nanos::get);

	@Test
	void saysAThingOnceAMinute() {
		for (int second = 0; second < 180; second++) {
			this.quiet.warn("a thing", () -> "It is so");
			this.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
		}
		then(this.log).should(times(3)).warn(any());
	}

	@Test
	void saysEachThing() {
		this.quiet.warn("a thing", () -> "It is so");
		this.quiet.warn("another", () -> "It is so, too");
		then(this.log).should(times(2)).warn(any());
	}

	@Test
	void saysAThingAgainWhenTheClockGoesBack() {
		this.quiet.warn("a thing", () -> "It is so");
		this.nanos.addAndGet(-Duration.ofHours(1).toNanos());
		this.quiet.warn("a thing", () -> "It is so");
		this.quiet.warn("a thing", () -> "It is so");
		then(this.log).should(times(2)).warn(any());
	}

}

package io.threescale.spring.metering;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a log readable while every request fails for the same reason.
 */
final class OncePerInterval {

	private final Clock clock;

	private final long interval;

	private final Map<String, Long> said = new ConcurrentHashMap<>();

	OncePerInterval(Clock clock, Duration interval) {
		this.clock = clock;
		this.interval = interval.toMillis();
	}

	/**
	 * Tell whether something may be said again, and take it as said if so.
	 */
	boolean allows(String message) {
		long now = this.clock.millis();
		Long last = this.said.get(message);
		if (last == null) {
			return this.said.putIfAbsent(message, now) == null;
		}
		return now - last >= this.interval && this.said.replace(message, last, now);
	}

}

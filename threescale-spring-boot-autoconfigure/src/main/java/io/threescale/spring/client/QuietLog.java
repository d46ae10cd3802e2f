package io.threescale.spring.client;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.jetbrains.annotations.ApiStatus;

/**
 * Says each thing once a minute, as long as it goes on: a log stays readable while every
 * call fails for the same reason.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class QuietLog {

	private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

	private final Map<String, Long> said = new ConcurrentHashMap<>();

	private final Log log;

	private final LongSupplier nanoTime;

	/**
	 * Create a log.
	 * @param log where it says things
	 * @param nanoTime the time in ns, which tells when a thing may be said again. If it
	 * goes back, everything may
	 */
	public QuietLog(Log log, LongSupplier nanoTime) {
		this.log = log;
		this.nanoTime = nanoTime;
	}

	/**
	 * Say that something is broken.
	 * @param topic what is said once; one of a few
	 * @param message what to say, worded only if it is said
	 */
	public void error(String topic, Supplier<String> message) {
		if (mayTalkOf(topic)) {
			this.log.error(message.get());
		}
	}

	/**
	 * Say that something is broken, and by what.
	 * @param topic what is said once; one of a few
	 * @param message what to say, worded only if it is said
	 * @param cause what has broken it
	 */
	public void error(String topic, Supplier<String> message, Throwable cause) {
		if (mayTalkOf(topic)) {
			this.log.error(message.get(), cause);
		}
	}

	/**
	 * Say that something is amiss.
	 * @param topic what is said once; one of a few
	 * @param message what to say, worded only if it is said
	 */
	public void warn(String topic, Supplier<String> message) {
		if (mayTalkOf(topic)) {
			this.log.warn(message.get());
		}
	}

	private boolean mayTalkOf(String topic) {
		long now = this.nanoTime.getAsLong();
		Long last = this.said.get(topic);
		if (last == null) {
			return this.said.putIfAbsent(topic, now) == null;
		}
		long passed = now - last;
		return (passed >= INTERVAL || passed < 0) && this.said.replace(topic, last, now);
	}

}

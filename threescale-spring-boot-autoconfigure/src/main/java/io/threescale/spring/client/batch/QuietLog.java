package io.threescale.spring.client.batch;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Says a thing once per interval, as long as it goes on.
 */
final class QuietLog {

	private static final Log logger = LogFactory.getLog(BatchingThreeScaleClient.class);

	private static final long INTERVAL = Duration.ofMinutes(1).toMillis();

	private final Map<String, Long> said = new ConcurrentHashMap<>();

	private final Clock clock;

	QuietLog(Clock clock) {
		this.clock = clock;
	}

	void error(String topic, String message) {
		if (mayTalkOf(topic)) {
			logger.error(message);
		}
	}

	void error(String topic, String message, Throwable cause) {
		if (mayTalkOf(topic)) {
			logger.error(message, cause);
		}
	}

	void warn(String topic, String message) {
		if (mayTalkOf(topic)) {
			logger.warn(message);
		}
	}

	private boolean mayTalkOf(String topic) {
		long now = this.clock.millis();
		Long last = this.said.get(topic);
		if (last == null) {
			return this.said.putIfAbsent(topic, now) == null;
		}
		return now - last >= INTERVAL && this.said.replace(topic, last, now);
	}

}

package io.threescale.spring.sandbox;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import io.threescale.spring.Period;
import io.threescale.spring.PeriodWindow;

import org.jspecify.annotations.Nullable;

/**
 * The counters: one for each application, metric and calendar period. Those of periods
 * that are over for long are dropped.
 */
final class Counters {

	// The clock may be put back, though not far.
	private static final Duration KEPT = Duration.ofHours(1);

	private static final Duration BETWEEN_PRUNINGS = Duration.ofMinutes(1);

	private Instant pruned = Instant.EPOCH;

	private final Map<Key, BigInteger> values = new HashMap<>();

	BigInteger value(String service, String application, String metric, Period period, Instant time) {
		return this.values.getOrDefault(Key.of(service, application, metric, period, time), BigInteger.ZERO);
	}

	void count(String service, String application, Map<String, UsageAmount> usage, Instant time) {
		usage.forEach((metric, amount) -> {
			for (Period period : SandboxLimit.PERIODS) {
				Key key = Key.of(service, application, metric, period, time);
				this.values.put(key, amount.applyTo(this.values.getOrDefault(key, BigInteger.ZERO)));
			}
		});
	}

	void prune(Instant now) {
		if (Duration.between(this.pruned, now).abs().compareTo(BETWEEN_PRUNINGS) < 0) {
			return;
		}
		this.pruned = now;
		Instant earliest = now.minus(KEPT);
		this.values.keySet().removeIf((key) -> key.end() != null && key.end().isBefore(earliest));
	}

	int size() {
		return this.values.size();
	}

	void clear() {
		this.values.clear();
	}

	private record Key(String service, String application, String metric, Period period, @Nullable Instant end) {

		static Key of(String service, String application, String metric, Period period, Instant time) {
			PeriodWindow window = period.windowAt(time);
			return new Key(service, application, metric, period, (window != null) ? window.end() : null);
		}

	}

}

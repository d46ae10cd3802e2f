package io.threescale.spring.sandbox;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The usage of a call or transaction.
 *
 * @param sent the amounts under the names as they were sent
 * @param counted the amounts that are checked and counted, by metric
 * @param shown the amounts a granted authrep adds to the values it shows, by metric
 */
record RequestedUsage(Map<String, UsageAmount> sent, Map<String, UsageAmount> counted, Map<String, UsageAmount> shown) {

	private static final BigInteger LONGEST = BigInteger.valueOf(Long.MAX_VALUE);

	static RequestedUsage read(Parameters usage, MetricTree metrics, boolean flat) {
		checkMetrics(usage, metrics);
		Map<String, UsageAmount> sent = new LinkedHashMap<>();
		Map<String, UsageAmount> named = new LinkedHashMap<>();
		usage.all().forEach((name, raw) -> {
			UsageAmount amount = UsageAmount.read(name, raw);
			sent.put(name, amount);
			named.put(Parameters.strip(name), amount);
		});
		// The backend strips names where it counts, but not where it shows.
		return new RequestedUsage(sent, flat ? named : metrics.withAncestors(named), metrics.withAncestors(sent));
	}

	static void checkMetrics(Parameters usage, MetricTree metrics) {
		for (String name : usage.all().keySet()) {
			if (!metrics.contains(Parameters.strip(name))) {
				throw Refusal.metric(name);
			}
		}
	}

	boolean isEmpty() {
		return this.sent.isEmpty();
	}

	boolean changes() {
		return this.sent.values().stream().anyMatch(UsageAmount::changes);
	}

	/** What the journal keeps. */
	Map<String, Long> amounts() {
		Map<String, Long> amounts = new LinkedHashMap<>();
		this.sent.forEach((name, amount) -> amounts.put(Parameters.strip(name), clamp(amount.value())));
		return amounts;
	}

	static long clamp(@Nullable BigInteger value) {
		return (value != null) ? value.min(LONGEST).longValue() : 0;
	}

}

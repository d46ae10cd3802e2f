package io.threescale.spring;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much of which metrics a call uses. Amounts are added to the counters of the metric
 * and of all its ancestors, so name a method alone, never together with its parent: the
 * parent would count both ({@code protocol.md} 6.2).
 *
 * @param increments what is added, by system name of the metric
 * @param values what counters are set to, by system name of the metric. Setting is
 * deprecated at 3scale, as two callers race for the last word ({@code protocol.md} 2.4)
 * @since 0.1.0
 */
public record Usage(Map<String, Long> increments, Map<String, Long> values) {

	/** The largest amount of one call: thousands of them fit into 3scale's counters. */
	public static final long MAX_AMOUNT = 1_000_000_000_000_000L;

	/** No usage: asks about the application alone, and counts nothing. */
	public static final Usage NONE = new Usage(Map.of(), Map.of());

	/** One hit, which is what a call uses when nothing else is said. */
	public static final Usage HIT = of("hits");

	public Usage {
		increments = checked(increments);
		values = checked(values);
		if (!Collections.disjoint(increments.keySet(), values.keySet())) {
			throw new IllegalArgumentException("A metric is either incremented or set, not both");
		}
	}

	/**
	 * Create the usage of one unit of one metric.
	 * @param metric the system name of the metric
	 * @return the usage
	 */
	public static Usage of(String metric) {
		return of(metric, 1);
	}

	/**
	 * Create the usage of some units of one metric.
	 * @param metric the system name of the metric
	 * @param amount how many units; zero asks about the metric and counts nothing
	 * @return the usage
	 */
	public static Usage of(String metric, long amount) {
		return new Usage(Map.of(metric, amount), Map.of());
	}

	/**
	 * Create a usage of several metrics.
	 * @param increments what is added, by system name of the metric
	 * @return the usage
	 */
	public static Usage of(Map<String, Long> increments) {
		return new Usage(increments, Map.of());
	}

	/**
	 * Add units of a metric. Amounts of the same metric add up.
	 * @param metric the system name of the metric
	 * @param amount how many units
	 * @return a usage of both
	 */
	public Usage and(String metric, long amount) {
		Map<String, Long> increments = new LinkedHashMap<>(this.increments);
		increments.merge(metric, amount, Math::addExact);
		return new Usage(increments, this.values);
	}

	/**
	 * Set the counter of a metric instead of adding to it.
	 * @param metric the system name of the metric
	 * @param value the new value; zero deletes the counter
	 * @return a usage of both
	 */
	public Usage andSet(String metric, long value) {
		Map<String, Long> values = new LinkedHashMap<>(this.values);
		values.put(metric, value);
		return new Usage(this.increments, values);
	}

	/**
	 * Tell whether this usage names no metric.
	 * @return whether it is empty
	 */
	public boolean isEmpty() {
		return this.increments.isEmpty() && this.values.isEmpty();
	}

	private static Map<String, Long> checked(Map<String, Long> amounts) {
		amounts.forEach((metric, amount) -> {
			if (metric.isBlank() || metric.contains("[") || metric.contains("]")) {
				throw new IllegalArgumentException(
						"Metric '" + metric + "' must be a system name, without square brackets");
			}
			if (amount < 0 || amount > MAX_AMOUNT) {
				throw new IllegalArgumentException(
						"Usage of metric '" + metric + "' must be between 0 and " + MAX_AMOUNT + ", not " + amount);
			}
		});
		return Collections.unmodifiableMap(new LinkedHashMap<>(amounts));
	}

}

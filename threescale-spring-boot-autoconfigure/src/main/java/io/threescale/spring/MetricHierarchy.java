package io.threescale.spring;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

/**
 * Which metrics have which methods, as far as the plan limits them ({@code protocol.md}
 * 4.2).
 *
 * @param children the direct children of each limited metric, by system name
 * @since 0.1.0
 */
public record MetricHierarchy(Map<String, List<String>> children) {

	/** A hierarchy 3scale said nothing about. */
	public static final MetricHierarchy UNKNOWN = new MetricHierarchy(Map.of());

	public MetricHierarchy {
		children = Map.copyOf(children);
	}

	/**
	 * Add to each metric of a usage what its descendants use, as 3scale does before it
	 * looks at the limits.
	 * @param increments amounts by metric
	 * @return amounts by metric and ancestor
	 */
	public Map<String, Long> propagate(Map<String, Long> increments) {
		Map<String, Long> propagated = new LinkedHashMap<>();
		increments.forEach((metric, amount) -> addUpwards(metric, amount, propagated));
		return propagated;
	}

	private void addUpwards(String metric, long amount, Map<String, Long> propagated) {
		propagated.merge(metric, amount, Math::addExact);
		for (Entry<String, List<String>> entry : this.children.entrySet()) {
			if (entry.getValue().contains(metric) && !entry.getKey().equals(metric)) {
				addUpwards(entry.getKey(), amount, propagated);
			}
		}
	}

}

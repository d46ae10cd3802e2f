package io.threescale.spring;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
		increments.forEach((metric, amount) -> {
			for (String each : withAncestors(metric)) {
				propagated.merge(each, amount, Math::addExact);
			}
		});
		return propagated;
	}

	private Set<String> withAncestors(String metric) {
		Set<String> all = new LinkedHashSet<>(Set.of(metric));
		Deque<String> next = new ArrayDeque<>(all);
		while (!next.isEmpty()) {
			String child = next.remove();
			this.children.forEach((parent, children) -> {
				if (children.contains(child) && all.add(parent)) {
					next.add(parent);
				}
			});
		}
		return all;
	}

}

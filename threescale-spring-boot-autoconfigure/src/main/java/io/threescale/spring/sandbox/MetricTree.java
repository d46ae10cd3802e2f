package io.threescale.spring.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The metrics of a service by name, children before their parents.
 */
final class MetricTree {

	private final Map<String, SandboxMetric> metrics = new LinkedHashMap<>();

	private final Map<String, String> parents = new LinkedHashMap<>();

	MetricTree(List<SandboxMetric> roots) {
		roots.forEach((root) -> add(root, null));
	}

	private void add(SandboxMetric metric, @Nullable SandboxMetric parent) {
		if (parent != null) {
			this.parents.put(metric.name(), parent.name());
		}
		metric.methods().forEach((method) -> add(method, metric));
		this.metrics.put(metric.name(), metric);
	}

	boolean contains(String name) {
		return this.metrics.containsKey(name);
	}

	/** The methods right below a metric, parted by blanks. */
	String childrenOf(String name) {
		SandboxMetric metric = this.metrics.get(name);
		return (metric == null) ? "" : String.join(" ", metric.methods().stream().map(SandboxMetric::name).toList());
	}

	/** Add what each child uses to all of its ancestors. */
	Map<String, UsageAmount> withAncestors(Map<String, UsageAmount> usage) {
		Map<String, UsageAmount> all = new LinkedHashMap<>(usage);
		for (String name : this.metrics.keySet()) {
			UsageAmount amount = all.get(name);
			String parent = this.parents.get(name);
			if (amount != null && parent != null) {
				all.put(parent, amount.propagateTo(all.get(parent)));
			}
		}
		return all;
	}

}

package io.threescale.spring.sandbox;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The metrics of a service by name, in the order they are described in, which stands for
 * the order of their ids at 3scale: each before the ones below it.
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
		this.metrics.put(metric.name(), metric);
		metric.methods().forEach((method) -> add(method, metric));
	}

	List<String> names() {
		return List.copyOf(this.metrics.keySet());
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
		List<String> childrenFirst = new ArrayList<>(this.metrics.keySet());
		Collections.reverse(childrenFirst);
		for (String name : childrenFirst) {
			UsageAmount amount = all.get(name);
			String parent = this.parents.get(name);
			if (amount != null && parent != null) {
				all.put(parent, amount.propagateTo(all.get(parent)));
			}
		}
		return all;
	}

}

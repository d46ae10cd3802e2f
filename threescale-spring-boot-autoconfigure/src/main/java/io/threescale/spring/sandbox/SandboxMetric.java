package io.threescale.spring.sandbox;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A metric of a sandbox service, with the methods below it. A method may have methods of
 * its own.
 *
 * @param name the system name, the one that goes over the wire
 * @param methods the metrics whose usage is added to this one
 * @since 0.1.0
 */
public record SandboxMetric(String name, List<SandboxMetric> methods) {

	public SandboxMetric(String name, @Nullable List<SandboxMetric> methods) {
		this.name = Described.required(name, "A sandbox metric needs a 'name', such as 'hits'");
		this.methods = Described.listOf(methods);
	}

	/**
	 * Describe a metric without methods; also lets configuration say just the name.
	 * @param name the system name
	 * @return the metric
	 */
	public static SandboxMetric of(String name) {
		return new SandboxMetric(name, List.of());
	}

	/**
	 * Describe a metric and the methods below it.
	 * @param name the system name
	 * @param methods the system names of its methods
	 * @return the metric
	 */
	public static SandboxMetric of(String name, String... methods) {
		return new SandboxMetric(name, Arrays.stream(methods).map(SandboxMetric::of).toList());
	}

	/**
	 * Describe a metric and the trees below it.
	 * @param name the system name
	 * @param methods its methods
	 * @return the metric
	 */
	public static SandboxMetric of(String name, SandboxMetric... methods) {
		return new SandboxMetric(name, List.of(methods));
	}

	/** Leave out a metric and all below it, wherever it stands. */
	static List<SandboxMetric> without(String name, List<SandboxMetric> metrics) {
		return metrics.stream()
			.filter((metric) -> !metric.name().equals(name))
			.map((metric) -> new SandboxMetric(metric.name(), without(name, metric.methods())))
			.toList();
	}

}

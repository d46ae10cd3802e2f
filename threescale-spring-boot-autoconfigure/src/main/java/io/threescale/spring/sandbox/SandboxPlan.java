package io.threescale.spring.sandbox;

import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A plan of a sandbox service: the limits of the applications that are on it.
 *
 * @param name the name an answer shows, or {@code null} for the one the service knows the
 * plan by
 * @param limits the limits; none allows everything
 * @since 0.1.0
 */
public record SandboxPlan(@Nullable String name, List<SandboxLimit> limits) {

	public SandboxPlan(@Nullable String name, @Nullable List<SandboxLimit> limits) {
		this.name = name;
		this.limits = Described.listOf(limits);
	}

	/**
	 * Describe a plan by its limits.
	 * @param limits the limits; none allows everything
	 * @return the plan
	 */
	public static SandboxPlan of(SandboxLimit... limits) {
		return new SandboxPlan(null, List.of(limits));
	}

	/**
	 * Show another name in answers.
	 * @param name the name to show
	 * @return a plan with that name
	 */
	public SandboxPlan named(String name) {
		return new SandboxPlan(name, this.limits);
	}

	/** Drop the limits of all other metrics. */
	SandboxPlan limiting(Collection<String> metrics) {
		return new SandboxPlan(this.name,
				this.limits.stream().filter((limit) -> metrics.contains(limit.metric())).toList());
	}

}

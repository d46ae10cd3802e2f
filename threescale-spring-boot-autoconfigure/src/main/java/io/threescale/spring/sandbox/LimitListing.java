package io.threescale.spring.sandbox;

import java.util.Comparator;
import java.util.List;

/**
 * The order in which answers list the limits of a plan: metric by metric, in the order
 * the service has them, and from the longest period to the shortest
 * ({@code 3scale/apisonator:lib/3scale/backend/usage_limit.rb}).
 */
final class LimitListing {

	static final Comparator<LimitState> LONGEST_FIRST = Comparator
		.comparingInt((state) -> SandboxLimit.PERIODS.indexOf(state.limit().period()));

	private LimitListing() {
	}

	static List<SandboxLimit> of(SandboxPlan plan, MetricTree tree) {
		List<String> metrics = tree.names();
		Comparator<SandboxLimit> byMetric = Comparator.comparingInt((limit) -> metrics.indexOf(limit.metric()));
		return plan.limits()
			.stream()
			.sorted(byMetric.thenComparingInt((limit) -> SandboxLimit.PERIODS.indexOf(limit.period())))
			.toList();
	}

}

package io.threescale.spring.client.predict;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.MetricHierarchy;
import io.threescale.spring.Period;
import io.threescale.spring.Usage;
import io.threescale.spring.UsageReport;
import org.jspecify.annotations.Nullable;

/**
 * What all applications of a plan have in common: its limits and its metric tree.
 */
final class PlanLimits {

	/** Amounts may come from anywhere, though those of annotations are few. */
	private static final int MAX_DEMANDS = 1_000;

	private static final Comparator<UsageReport> ORDER = Comparator.comparing(UsageReport::metric)
		.thenComparing((report) -> report.period().name());

	private final List<Limit> limits;

	private final MetricHierarchy hierarchy;

	private final Map<Usage, long[]> demands = new ConcurrentHashMap<>();

	PlanLimits(ApplicationStatus status) {
		this.limits = sorted(status).stream()
			.map((report) -> new Limit(report.metric(), report.period(), report.maxValue()))
			.toList();
		this.hierarchy = status.hierarchy();
	}

	/**
	 * Return the usage reports in the order of {@link #limits}; answers have any order.
	 */
	static List<UsageReport> sorted(ApplicationStatus status) {
		return status.usageReports().stream().sorted(ORDER).toList();
	}

	/**
	 * A limit of the plan.
	 */
	record Limit(String metric, Period period, long max) {
	}

	List<Limit> limits() {
		return this.limits;
	}

	/**
	 * Return what a usage takes of each limit, {@code -1} where it does not touch one.
	 */
	long[] demand(Usage usage) {
		long[] demand = this.demands.get(usage);
		if (demand == null) {
			Map<String, Long> propagated = this.hierarchy.propagate(usage.increments());
			demand = this.limits.stream().mapToLong((limit) -> propagated.getOrDefault(limit.metric(), -1L)).toArray();
			if (this.demands.size() < MAX_DEMANDS) {
				this.demands.put(usage, demand);
			}
		}
		return demand;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof PlanLimits plan && this.limits.equals(plan.limits)
				&& this.hierarchy.equals(plan.hierarchy);
	}

	@Override
	public int hashCode() {
		return 31 * this.limits.hashCode() + this.hierarchy.hashCode();
	}

}

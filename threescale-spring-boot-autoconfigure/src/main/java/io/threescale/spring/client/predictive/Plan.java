package io.threescale.spring.client.predictive;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.MetricHierarchy;
import io.threescale.spring.Period;
import io.threescale.spring.Usage;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.predictive.MetricTree.Relation;
import org.jspecify.annotations.Nullable;

/**
 * What all applications of a plan have in common: its name and its limits.
 */
final class Plan {

	/** Amounts may come from anywhere, though those of annotations are few. */
	private static final int MAX_REMEMBERED = 1_000;

	private static final Comparator<UsageReport> ORDER = Comparator.comparing(UsageReport::metric)
		.thenComparing((report) -> report.period().name());

	private final @Nullable String name;

	private final List<Limit> limits;

	private final MetricHierarchy hierarchy;

	private final MetricTree tree;

	private final Map<Usage, Demand> demands = new ConcurrentHashMap<>();

	private final Map<String, Relations> relations = new ConcurrentHashMap<>();

	Plan(ApplicationStatus status, MetricTree tree) {
		this.name = status.plan();
		this.limits = sorted(status).stream()
			.map((report) -> new Limit(report.metric(), report.period(), report.maxValue()))
			.toList();
		this.hierarchy = status.hierarchy();
		this.tree = tree;
	}

	/**
	 * A limit of the plan.
	 */
	record Limit(String metric, Period period, long max) {
	}

	/**
	 * What a call takes of each limit.
	 *
	 * @param sure the amounts it takes for sure, {@code -1} where it may not touch a
	 * limit
	 * @param possible the amounts it takes at most, {@code -1} where it does not touch
	 * one
	 * @param version the version of the tree that says so
	 */
	record Demand(long[] sure, long[] possible, long version) {
	}

	/**
	 * Return the usage reports in the order of the {@link #limits}; answers have any
	 * order.
	 */
	static List<UsageReport> sorted(ApplicationStatus status) {
		return status.usageReports().stream().sorted(ORDER).toList();
	}

	@Nullable String name() {
		return this.name;
	}

	List<Limit> limits() {
		return this.limits;
	}

	MetricHierarchy hierarchy() {
		return this.hierarchy;
	}

	long version() {
		return this.tree.version();
	}

	/**
	 * Return how a metric stands to each limit. The array is not to be changed.
	 */
	Relation[] relations(String metric) {
		Relations known = this.relations.get(metric);
		if (known == null || known.version() != version()) {
			known = newRelations(metric);
			remember(this.relations, metric, known);
		}
		return known.toLimits();
	}

	private Relations newRelations(String metric) {
		long version = version();
		return new Relations(this.limits.stream()
			.map((limit) -> this.tree.relation(metric, limit.metric()))
			.toArray(Relation[]::new), version);
	}

	/**
	 * How a metric stands to the limits by a version of the tree.
	 */
	private record Relations(Relation[] toLimits, long version) {
	}

	/**
	 * Return what a call takes of each limit.
	 */
	Demand demand(Usage usage) {
		Demand known = this.demands.get(usage);
		if (known == null || known.version() != version()) {
			known = newDemand(usage);
			remember(this.demands, usage, known);
		}
		return known;
	}

	private Demand newDemand(Usage usage) {
		Demand demand = new Demand(new long[this.limits.size()], new long[this.limits.size()], version());
		Arrays.fill(demand.sure(), -1);
		Arrays.fill(demand.possible(), -1);
		usage.increments().forEach((metric, amount) -> {
			Relation[] relations = relations(metric);
			for (int i = 0; i < relations.length; i++) {
				if (relations[i] == Relation.SURE) {
					demand.sure()[i] = Math.max(0, demand.sure()[i]) + amount;
				}
				if (relations[i] != Relation.NONE) {
					demand.possible()[i] = Math.max(0, demand.possible()[i]) + amount;
				}
			}
		});
		return demand;
	}

	private static <K, V> void remember(Map<K, V> map, K key, V value) {
		if (map.size() < MAX_REMEMBERED || map.containsKey(key)) {
			map.put(key, value);
		}
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Plan plan && Objects.equals(this.name, plan.name) && this.limits.equals(plan.limits)
				&& this.hierarchy.equals(plan.hierarchy);
	}

	@Override
	public int hashCode() {
		return 31 * this.limits.hashCode() + this.hierarchy.hashCode();
	}

}

package io.threescale.spring.metering.verification;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.MetricHierarchy;
import io.threescale.spring.Usage;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Extension;
import io.threescale.spring.client.reporting.KnownMetrics.State;
import io.threescale.spring.metering.MeteredService;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Asks 3scale about a service and the metrics that are declared for it. Nothing is
 * counted.
 *
 * @param service the service
 * @param usages what is declared to use it
 * @since 0.1.0
 */
public record ServiceLint(MeteredService service, List<DeclaredUsage> usages) {

	/** The backend bounds who waits, and callers come first. */
	private static final int QUESTIONS_AT_A_TIME = 8;

	/**
	 * What 3scale says about the metrics.
	 *
	 * @param states what is known of each metric that is declared, by its name
	 * @param names all metrics that 3scale is known to have
	 * @param doubles usage that counts a metric twice
	 */
	public record Findings(Map<String, State> states, Set<String> names, Set<DoubleCount> doubles) {

		/**
		 * Return the metrics of a state.
		 * @param state the state
		 * @return their system names
		 */
		public List<String> in(State state) {
			return this.states.keySet().stream().filter((metric) -> this.states.get(metric) == state).toList();
		}

	}

	/**
	 * A metric that is named together with one above it, to which 3scale adds it anyway.
	 *
	 * @param where what names them, in words
	 * @param metric the system name of the metric
	 * @param parent the system name of the metric above it, which is counted twice
	 */
	public record DoubleCount(String where, String metric, String parent) {
	}

	/**
	 * Ask about an application, which need not exist: the answer shows whether 3scale
	 * accepts the credentials of the service.
	 * @param application its credentials
	 * @return the answer; fails as the client does
	 */
	public Mono<Authorization> authorize(ApplicationCredentials application) {
		return this.service.client()
			.authorize(AuthorizationRequest.of(application, Usage.NONE).with(Extension.HIERARCHY));
	}

	/**
	 * Ask about the metrics of which 3scale is not known to have them.
	 * @param application an application that 3scale lets in
	 * @param status what it told of the application
	 * @return the findings; fails if 3scale cannot be asked
	 */
	public Mono<Findings> metrics(ApplicationCredentials application, ApplicationStatus status) {
		return Flux.fromStream(this::declared)
			.flatMap((metric) -> state(application, metric).map((state) -> Map.entry(metric, state)),
					QUESTIONS_AT_A_TIME)
			.collectMap(Map.Entry::getKey, Map.Entry::getValue, TreeMap::new)
			.map((states) -> new Findings(states, names(states, status), doubles(status.hierarchy())));
	}

	private Stream<String> declared() {
		return this.usages.stream().flatMap((usage) -> usage.metrics().stream()).distinct();
	}

	private Mono<State> state(ApplicationCredentials application, String metric) {
		return this.service.metrics()
			.find(AuthorizationRequest.of(application, Usage.of(metric, 0)), this.service.client());
	}

	private static Set<String> names(Map<String, State> states, ApplicationStatus status) {
		Set<String> names = new TreeSet<>();
		states.forEach((metric, state) -> {
			if (state == State.KNOWN) {
				names.add(metric);
			}
		});
		status.usageReports().stream().map(UsageReport::metric).forEach(names::add);
		status.hierarchy().children().forEach((parent, children) -> {
			names.add(parent);
			names.addAll(children);
		});
		return names;
	}

	private Set<DoubleCount> doubles(MetricHierarchy hierarchy) {
		Set<DoubleCount> doubles = new LinkedHashSet<>();
		declared().forEach((metric) -> hierarchy.propagate(Map.of(metric, 1L))
			.keySet()
			.stream()
			.filter((parent) -> !parent.equals(metric))
			.forEach((parent) -> together(metric, parent)
				.forEach((where) -> doubles.add(new DoubleCount(where, metric, parent)))));
		return doubles;
	}

	/** Find what names both, and pairs of rules that do. */
	private Stream<String> together(String metric, String parent) {
		return naming(metric).flatMap((usage) -> usage.metrics().contains(parent) ? Stream.of(usage.where())
				: naming(parent).filter((other) -> mayAddUp(usage, other)).map((other) -> where(usage, other)));
	}

	private Stream<DeclaredUsage> naming(String metric) {
		return this.usages.stream().filter((usage) -> usage.metrics().contains(metric));
	}

	private boolean mayAddUp(DeclaredUsage one, DeclaredUsage other) {
		return (this.usages.indexOf(one) < this.usages.indexOf(other)) ? one.mayAddUpWith(other)
				: other.mayAddUpWith(one);
	}

	/** What APIcast has as one rule may be several here, of one name. */
	private static String where(DeclaredUsage one, DeclaredUsage other) {
		return one.where().equals(other.where()) ? one.where() : one.where() + " with " + other.where();
	}

}

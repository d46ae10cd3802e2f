package io.threescale.spring.metering.verification;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteredServices;
import io.threescale.spring.metering.rules.MappingRule;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

/**
 * The metrics that one place of the application or its configuration names.
 *
 * @param where what names them, in words
 * @param service the name of the service whose they are: the default one, if a
 * {@code ServiceResolver} chooses
 * @param metrics the system names of the metrics
 * @param rule the rule that names them, or {@code null} if none does
 * @since 0.1.0
 */
public record DeclaredUsage(String where, String service, Set<String> metrics, @Nullable MappingRule rule) {

	public DeclaredUsage {
		metrics = Set.copyOf(metrics);
	}

	/**
	 * Create what a property declares, for the default service.
	 * @param where the property
	 * @param metrics the system names of the metrics
	 * @return the declaration
	 */
	public static DeclaredUsage ofDefaultService(String where, Set<String> metrics) {
		return new DeclaredUsage(where, MeteredServices.DEFAULT, metrics, null);
	}

	static DeclaredUsage of(String method, MeteredOperation operation) {
		Set<String> metrics = new LinkedHashSet<>(operation.usage().increments().keySet());
		operation.measures().forEach((measure) -> metrics.add(measure.metric()));
		return new DeclaredUsage(method, serviceOf(operation.service()), metrics, null);
	}

	static DeclaredUsage of(MappingRule rule) {
		return new DeclaredUsage("Mapping rule '" + rule.name() + "'", serviceOf(rule.service()),
				rule.usage().increments().keySet(), rule);
	}

	private static String serviceOf(@Nullable String name) {
		return (name != null) ? name : MeteredServices.DEFAULT;
	}

	/**
	 * Tell whether there may be calls that use what both declare: those that meet two
	 * rules.
	 * @param next what is declared after this
	 * @return whether both may count
	 */
	boolean mayAddUpWith(DeclaredUsage next) {
		MappingRule first = this.rule;
		MappingRule second = next.rule;
		return first != null && second != null && !first.last() && Objects.equals(first.service(), second.service())
				&& overlap(first.method(), second.method())
				&& new PathOverlap(first.pattern().getPatternString()).with(second.pattern().getPatternString());
	}

	private static boolean overlap(@Nullable HttpMethod one, @Nullable HttpMethod other) {
		return one == null || other == null || one.equals(other);
	}

}

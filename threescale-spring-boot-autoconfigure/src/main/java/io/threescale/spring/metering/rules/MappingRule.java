package io.threescale.spring.metering.rules;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

import io.threescale.spring.Usage;
import io.threescale.spring.metering.ChargeOn;
import io.threescale.spring.metering.Enforcement;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Says what calls of some paths use.
 *
 * @param name the name in metrics and in the log, such as {@code GET /search/**}
 * @param method the HTTP method, or {@code null} for any. That of a {@code HEAD} is the
 * {@code GET} it stands for
 * @param pattern the paths, within the application
 * @param query the values that parameters of the query must have; one with a variable
 * such as <code>{size}</code> stands for any
 * @param usage what one call uses
 * @param chargeOn when a call is charged
 * @param last whether the rules after this one are not asked if this one matches
 * @param service the name of the service that is used, or {@code null} for the one that a
 * {@code ServiceResolver} chooses, or else the default
 * @param enforcement what becomes of calls that are denied
 * @param origin where the rule is written
 * @since 0.1.0
 */
public record MappingRule(String name, @Nullable HttpMethod method, PathPattern pattern, Map<String, String> query,
		Usage usage, ChargeOn chargeOn, boolean last, @Nullable String service, Enforcement enforcement,
		String origin) {

	/** The one with the nearest pattern, and of several, with the most of the query. */
	static final Comparator<MappingRule> MOST_SPECIFIC = Comparator
		.comparing(MappingRule::pattern, PathPattern.SPECIFICITY_COMPARATOR)
		.thenComparing((rule) -> rule.query().size(), Comparator.reverseOrder());

	public MappingRule {
		query = Map.copyOf(query);
	}

	/**
	 * Tell whether calls of a path meet the rule, in whichever way the path is read.
	 */
	boolean matches(HttpMethod method, List<PathContainer> readings, Query query) {
		return (this.method == null || this.method.equals(method)) && readings.stream().anyMatch(this.pattern::matches)
				&& query.meets(this.query);
	}

	/**
	 * Tell the rule in words.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(this.name).append(" uses ").append(this.usage.increments());
		if (this.service != null) {
			text.append(" of service ").append(this.service);
		}
		return text.append(this.last ? ", last" : "").toString();
	}

}

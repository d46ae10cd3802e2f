package io.threescale.spring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.threescale.spring.Usage;
import io.threescale.spring.metering.ChargeOn;
import io.threescale.spring.metering.Enforcement;
import io.threescale.spring.metering.rules.ApicastConfiguration;
import io.threescale.spring.metering.rules.InvalidMappingRulesException;
import io.threescale.spring.metering.rules.MappingRule;
import io.threescale.spring.metering.rules.MappingRules;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

/**
 * What is metered without annotations.
 *
 * @param rules Rules for calls no annotation speaks about. All that match add up, until
 * one that is the last.
 * @param apicastConfiguration Location of a proxy configuration, as 3scale exports it for
 * APIcast. Its mapping rules come after threescale.rules.
 * @since 0.1.0
 */
@ConfigurationProperties("threescale")
public record ThreeScaleRulesProperties(@DefaultValue List<Rule> rules, @Nullable Resource apicastConfiguration) {

	MappingRules mappingRules(@Nullable String serviceId, ChargeOn chargeOn, Set<String> services) {
		List<MappingRule> mappingRules = new ArrayList<>();
		for (int i = 0; i < this.rules.size(); i++) {
			Rule rule = this.rules.get(i);
			InvalidThreeScaleConfigurationException.require(rule.service() == null || services.contains(rule.service()),
					"threescale.rules[" + i + "].service", "a name under 'threescale.services'");
			mappingRules.add(rule.mappingRule("threescale.rules[" + i + "].", chargeOn));
		}
		if (this.apicastConfiguration != null) {
			mappingRules.addAll(exported(new ApicastConfiguration(this.apicastConfiguration, chargeOn), serviceId));
		}
		return together(mappingRules);
	}

	private static MappingRules together(List<MappingRule> rules) {
		try {
			return new MappingRules(rules);
		}
		catch (InvalidMappingRulesException ex) {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.rules' makes no sense: " + ex.getMessage() + ".",
					"Have the rules use less, so that a call may match all of them.");
		}
	}

	private static List<MappingRule> exported(ApicastConfiguration configuration, @Nullable String serviceId) {
		try {
			return configuration.rules(serviceId);
		}
		catch (InvalidMappingRulesException ex) {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.apicast-configuration' leads to no rules: " + ex.getMessage() + ".",
					"Have it point at a proxy configuration as 3scale exports it, with 'threescale.service-id' if it "
							+ "holds several services. Rules that cannot be taken over can be written under "
							+ "'threescale.rules' instead.");
		}
	}

	/**
	 * What calls of some paths use.
	 *
	 * @param method HTTP method, any if not set. GET includes HEAD.
	 * @param pattern Paths within the application, as in a request mapping.
	 * @param metric System name of the metric a call uses, hits if not set.
	 * @param delta Units of the metric a call uses, 1 if not set.
	 * @param usage Units by metric, instead of metric and delta.
	 * @param last Whether the rules after this one are not asked if this one matches.
	 * @param service Name of the service a call uses, the default if not set.
	 * @param chargeOn When a call is charged, threescale.charge-on if not set.
	 * @param enforce Whether calls that are denied are refused.
	 * @param softLimit Whether calls beyond a limit pass, and are charged all the same.
	 */
	public record Rule(@Nullable RequestMethod method, @Nullable String pattern, @Nullable String metric,
			@Nullable Long delta, @DefaultValue Map<String, Long> usage, @DefaultValue("false") boolean last,
			@Nullable String service, @Nullable String chargeOn, @DefaultValue("true") boolean enforce,
			@DefaultValue("false") boolean softLimit) {

		MappingRule mappingRule(String property, ChargeOn standard) {
			require(this.method != RequestMethod.HEAD, property + "method", "GET, which includes HEAD");
			String name = (this.method != null) ? this.method + " " + this.pattern : String.valueOf(this.pattern);
			return new MappingRule(name, (this.method != null) ? this.method.asHttpMethod() : null,
					pathPattern(property + "pattern"), Map.of(), usage(property),
					(this.chargeOn != null) ? ThreeScaleProperties.chargeOn(this.chargeOn, property + "charge-on")
							: standard,
					this.last, this.service, enforcement(property), property.substring(0, property.length() - 1));
		}

		private Enforcement enforcement(String property) {
			require(this.enforce || !this.softLimit, property + "soft-limit", "false, as 'enforce' is");
			return Enforcement.of(this.enforce, this.softLimit);
		}

		private PathPattern pathPattern(String property) {
			if (this.pattern == null || !this.pattern.startsWith("/")) {
				throw new InvalidThreeScaleConfigurationException(
						"Property '" + property + "' must be a path pattern that begins with '/'.",
						"Set it to the paths within the application that the rule is for, such as '/search/**'.");
			}
			try {
				return PathPatternParser.defaultInstance.parse(this.pattern);
			}
			catch (PatternParseException ex) {
				throw new InvalidThreeScaleConfigurationException(
						"Property '" + property + "' is not a path pattern: " + ex.getMessage() + ".",
						"Write it as in a request mapping, such as '/search/{id}' or '/search/**'.");
			}
		}

		private Usage usage(String property) {
			require(this.usage.isEmpty() || (this.metric == null && this.delta == null), property + "usage",
					"alone, without metric and delta");
			try {
				Usage usage = this.usage.isEmpty()
						? Usage.of((this.metric != null) ? this.metric : "hits", (this.delta != null) ? this.delta : 1)
						: Usage.of(this.usage);
				require(!usage.increments().containsValue(0L), property + (this.usage.isEmpty() ? "delta" : "usage"),
						"1 unit or more");
				return usage;
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidThreeScaleConfigurationException("Rule '"
						+ property.substring(0, property.length() - 1) + "' makes no sense: " + ex.getMessage() + ".",
						"Name metrics by their system names, with 1 unit or more.");
			}
		}

		private static void require(boolean valid, String property, String requirement) {
			InvalidThreeScaleConfigurationException.require(valid, property, requirement);
		}

	}

}

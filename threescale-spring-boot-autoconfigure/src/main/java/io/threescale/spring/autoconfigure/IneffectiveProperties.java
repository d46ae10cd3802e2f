package io.threescale.spring.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.threescale.spring.autoconfigure.ThreeScaleProperties.AnonymousPolicy;
import io.threescale.spring.autoconfigure.ThreeScaleProperties.Mode;
import io.threescale.spring.metering.FailurePolicy;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.Environment;

/**
 * Finds properties that are set and have no effect, as another one keeps them from being
 * read. Those of the sandbox may stay where it is off.
 *
 * @param environment holds the properties
 * @param properties what they are
 */
record IneffectiveProperties(Environment environment, ThreeScaleProperties properties) {

	/**
	 * Find them.
	 * @param fleet whether instances share
	 * @param lint whether 3scale is asked for metrics
	 * @param rules whether rules tell what calls use
	 * @return a sentence each
	 */
	List<String> find(boolean fleet, boolean lint, boolean rules) {
		return Stream
			.of(unless(this.properties.mode() == Mode.PREDICTIVE, "'threescale.mode' is not 'predictive'",
					"threescale.prediction", "threescale.reporting.flush-interval"),
					unless(this.properties.failurePolicy() == FailurePolicy.LAST_KNOWN,
							"'threescale.failure-policy' is not 'last-known'", "threescale.prediction.last-known-for"),
					unless(fleet, "'threescale.fleet.mode' is not 'redis'", "threescale.fleet.secret",
							"threescale.fleet.key-prefix"),
					unless(this.properties.anonymous().policy() == AnonymousPolicy.SHARE,
							"'threescale.anonymous.policy' is not 'share'", "threescale.anonymous.user-key",
							"threescale.anonymous.app-id", "threescale.anonymous.app-key"),
					unless(lint, "'threescale.lint.mode' is 'off'", "threescale.lint.application"),
					unless(rules, "the application has a UsageResolver of its own", "threescale.rules",
							"threescale.apicast-configuration"),
					credentials())
			.flatMap((found) -> found)
			.toList();
	}

	private Stream<String> credentials() {
		Map<String, ThreeScaleCredentialsProperties> all = new TreeMap<>();
		all.put("threescale.credentials", this.properties.credentials());
		this.properties.services().forEach((name, service) -> {
			if (service.credentials() != null) {
				all.put("threescale.services." + name + ".credentials", service.credentials());
			}
		});
		return all.entrySet()
			.stream()
			.flatMap((credentials) -> Stream
				.of(CredentialsSource.HEADER, CredentialsSource.QUERY, CredentialsSource.COOKIE)
				.flatMap((source) -> {
					String name = source.name().toLowerCase(Locale.ROOT);
					return unless(credentials.getValue().sources().contains(source),
							"'" + credentials.getKey() + ".sources' does not name '" + name + "'",
							credentials.getKey() + "." + name);
				}));
	}

	private Stream<String> unless(boolean read, String reason, String... names) {
		return Arrays.stream(names)
			.filter((name) -> !read && isSet(ConfigurationPropertyName.adapt(name, '.')))
			.map((name) -> "Property '" + name + "' has no effect, as " + reason + ".");
	}

	private boolean isSet(ConfigurationPropertyName name) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			if (source.getConfigurationProperty(name) != null
					|| source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT) {
				return true;
			}
		}
		return false;
	}

}

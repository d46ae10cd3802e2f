package io.threescale.spring.autoconfigure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.threescale.spring.autoconfigure.ThreeScaleProperties.AnonymousPolicy;
import io.threescale.spring.autoconfigure.ThreeScaleProperties.Mode;
import io.threescale.spring.metering.FailurePolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.StringUtils;

/**
 * Finds properties that are set and have no effect, as something else keeps them from
 * being read. Those of the sandbox may stay where it is off. A profile may switch off
 * what is set for all, and cannot unset it: so this is said, and fails no start.
 *
 * @param set the names of those that are set; blank ones are as good as absent
 * @param properties what they are
 * @param fleet whether instances share
 */
record IneffectiveProperties(List<ConfigurationPropertyName> set, ThreeScaleProperties properties, boolean fleet) {

	static IneffectiveProperties of(ConfigurableEnvironment environment, ThreeScaleProperties properties) {
		List<ConfigurationPropertyName> set = new ArrayList<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.from(environment.getPropertySources())) {
			UnknownProperties.names(source)
				.filter((name) -> hasText(source.getConfigurationProperty(name), environment))
				.forEach(set::add);
		}
		return new IneffectiveProperties(set, properties,
				"redis".equalsIgnoreCase(environment.getProperty("threescale.fleet.mode")));
	}

	private static boolean hasText(@Nullable ConfigurationProperty property, ConfigurableEnvironment environment) {
		return property != null
				&& StringUtils.hasText(environment.resolvePlaceholders(String.valueOf(property.getValue())));
	}

	/**
	 * Find them.
	 * @param pipelines whether our client asks 3scale, and no other
	 * @param lint whether 3scale is asked for metrics
	 * @param rules whether rules tell what calls use
	 * @return a sentence each
	 */
	List<String> find(boolean pipelines, boolean lint, boolean rules) {
		boolean predictive = this.properties.mode() == Mode.PREDICTIVE;
		Stream<String> ofClient = pipelines ? Stream
			.of(unless(predictive, "'threescale.mode' is not 'predictive'", "threescale.prediction",
					"threescale.reporting.flush-interval"),
					unless(!predictive || this.properties.failurePolicy() == FailurePolicy.LAST_KNOWN,
							"'threescale.failure-policy' is not 'last-known'", "threescale.prediction.last-known-for"),
					unless(this.fleet, "'threescale.fleet.mode' is not 'redis'", "threescale.fleet.secret",
							"threescale.fleet.key-prefix"))
			.flatMap((found) -> found)
				: unless(false, "the application has a ReactiveThreeScaleClient of its own", "threescale.url",
						"threescale.connection", "threescale.circuit-breaker", "threescale.prediction",
						"threescale.reporting", "threescale.fleet");
		Stream<String> ofMetering = Stream.of(
				unless(this.properties.anonymous().policy() == AnonymousPolicy.SHARE,
						"'threescale.anonymous.policy' is not 'share'", "threescale.anonymous.user-key",
						"threescale.anonymous.app-id", "threescale.anonymous.app-key"),
				unless(lint, "'threescale.lint.mode' is 'off'", "threescale.lint.application"),
				unless(rules, "the application has a UsageResolver of its own", "threescale.rules",
						"threescale.apicast-configuration"),
				credentials("threescale", this.properties.credentials()))
			.flatMap((found) -> found);
		Stream<String> ofServices = this.properties.services()
			.entrySet()
			.stream()
			.flatMap((service) -> ofService("threescale.services." + service.getKey(), service.getValue(), lint));
		return Stream.of(ofClient, ofMetering, ofServices).flatMap((found) -> found).toList();
	}

	private Stream<String> ofService(String prefix, ThreeScaleProperties.Service service, boolean lint) {
		return Stream.concat(unless(lint, "'threescale.lint.mode' is 'off'", prefix + ".lint.application"),
				credentials(prefix, service.credentials()));
	}

	private Stream<String> credentials(String prefix, @Nullable ThreeScaleCredentialsProperties credentials) {
		return (credentials == null) ? Stream.empty()
				: Stream.of(CredentialsSource.HEADER, CredentialsSource.QUERY, CredentialsSource.COOKIE)
					.flatMap((source) -> {
						String name = source.name().toLowerCase(Locale.ROOT);
						return unless(credentials.sources().contains(source),
								"'" + prefix + ".credentials.sources' does not name '" + name + "'",
								prefix + ".credentials." + name);
					});
	}

	private Stream<String> unless(boolean read, String reason, String... names) {
		return Arrays.stream(names)
			.filter((name) -> !read && isSet(ConfigurationPropertyName.adapt(name, '.')))
			.map((name) -> "Property '" + name + "' has no effect, as " + reason + ".");
	}

	/** Tell whether a property is set, or one below it. */
	private boolean isSet(ConfigurationPropertyName name) {
		return this.set.stream().anyMatch((other) -> other.equals(name) || name.isAncestorOf(other));
	}

}

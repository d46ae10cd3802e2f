package io.threescale.spring.autoconfigure;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.threescale.spring.autoconfigure.InvalidThreeScaleConfigurationException.Problem;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.StringUtils;

/**
 * Finds properties under {@code threescale} that nobody reads. The system's environment
 * and properties may hold others': Kubernetes sets {@code THREESCALE_PORT} for a service
 * of that name. There, only what differs by a letter or two is worth a warning.
 *
 * @param sources where properties come from
 */
record UnknownProperties(List<ConfigurationPropertySource> sources) {

	private static final Log logger = LogFactory.getLog(UnknownProperties.class);

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("threescale");

	private static final Set<String> SYSTEM = Set.of(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
			StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);

	private static final int TYPO = 2;

	List<Problem> find() {
		return this.sources.stream().flatMap((source) -> {
			Stream<ConfigurationProperty> unknown = names(source).filter(UnknownProperties::isUnknown)
				.map(source::getConfigurationProperty)
				.filter((property) -> property != null && !isEmptyGroup(property));
			if (isSystem(source)) {
				unknown.forEach(UnknownProperties::warn);
				return Stream.empty();
			}
			return unknown.map(UnknownProperties::problem);
		}).distinct().toList();
	}

	/**
	 * Return the names of the properties under {@code threescale} that a source lists.
	 */
	static Stream<ConfigurationPropertyName> names(ConfigurationPropertySource source) {
		return (source instanceof IterableConfigurationPropertySource iterable)
				? iterable.stream().filter(PREFIX::isAncestorOf) : Stream.empty();
	}

	static boolean isSystem(ConfigurationPropertySource source) {
		return source.getUnderlyingSource() instanceof PropertySource<?> underlying
				&& SYSTEM.contains(underlying.getName());
	}

	private static boolean isUnknown(ConfigurationPropertyName name) {
		return PropertyNames.ALL.stream().noneMatch((names) -> names.contains(name));
	}

	/** As YAML has it when all below a key is commented out. */
	private static boolean isEmptyGroup(ConfigurationProperty property) {
		return property.getValue() instanceof CharSequence text && !StringUtils.hasText(text)
				&& PropertyNames.ALL.stream().anyMatch((names) -> names.containsGroup(property.getName()));
	}

	private static void warn(ConfigurationProperty property) {
		String nearest = SimilarNames.nearest(property.getName());
		int edits = SimilarNames.edits(nearest, property.getName().toString());
		if (edits > 0 && edits <= TYPO) {
			logger.warn("There is no property '" + property.getName() + "'" + where(property) + ". Did you mean '"
					+ nearest + "'?");
		}
	}

	private static Problem problem(ConfigurationProperty property) {
		String description = "There is no property '" + property.getName() + "'" + where(property) + ".";
		return new Problem(description, "Did you mean '" + SimilarNames.nearest(property.getName())
				+ "'? The page 'properties.md' of the documentation lists all. Those of your own must not begin with 'threescale.'.");
	}

	static String where(ConfigurationProperty property) {
		return (property.getOrigin() != null) ? " (" + property.getOrigin() + ")" : "";
	}

}

package io.threescale.spring.autoconfigure;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import io.threescale.spring.autoconfigure.InvalidThreeScaleConfigurationException.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.PropertyResolver;
import org.springframework.util.PlaceholderResolutionException;

/**
 * Finds properties whose value refers to something that is not there. Spring Boot would
 * bind <code>${TOKEN}</code> as it stands.
 *
 * @param sources where properties come from
 * @param resolver resolves placeholders
 */
record OpenPlaceholders(List<ConfigurationPropertySource> sources, PropertyResolver resolver) {

	private static final Set<String> CONNECTION = Set.of("serviceid", "servicetoken", "providerkey");

	/**
	 * Find those among the properties that are read.
	 * @param read the names of the properties that are read
	 * @param connection whether the connection to 3scale is taken from properties
	 */
	List<Problem> find(List<PropertyNames> read, boolean connection) {
		return names().distinct()
			.filter((name) -> read.stream().anyMatch((names) -> names.contains(name)))
			.filter((name) -> connection || !CONNECTION.contains(name.getLastElement(Form.UNIFORM)))
			.map(this::effective)
			.filter(Objects::nonNull)
			.map(this::problem)
			.filter(Objects::nonNull)
			.toList();
	}

	/** A variable of the environment does not tell which property it is for. */
	private Stream<ConfigurationPropertyName> names() {
		Stream<ConfigurationPropertyName> plain = PropertyNames.ALL.stream()
			.flatMap(PropertyNames::list)
			.map(ConfigurationPropertyName::ofIfValid)
			.filter(Objects::nonNull);
		return Stream.concat(plain,
				this.sources.stream()
					.filter((source) -> !UnknownProperties.isSystem(source))
					.flatMap(UnknownProperties::names));
	}

	/**
	 * Return what is bound: of several sources the first counts, and for a list it counts
	 * alone.
	 */
	private @Nullable ConfigurationProperty effective(ConfigurationPropertyName name) {
		int index = 0;
		while (index < name.getNumberOfElements() && !name.isNumericIndex(index)) {
			index++;
		}
		ConfigurationPropertyName list = name.chop(index);
		boolean indexed = index < name.getNumberOfElements();
		return this.sources.stream()
			.filter((source) -> indexed ? source.containsDescendantOf(list) == ConfigurationPropertyState.PRESENT
					: source.getConfigurationProperty(name) != null)
			.findFirst()
			.map((source) -> source.getConfigurationProperty(name))
			.orElse(null);
	}

	private @Nullable Problem problem(ConfigurationProperty property) {
		if (!(property.getValue() instanceof CharSequence text)) {
			return null;
		}
		String subject = "Property '" + property.getName() + "'" + UnknownProperties.where(property);
		try {
			return this.resolver.resolveRequiredPlaceholders(text.toString()).contains("#{")
					? new Problem(subject + " holds an expression '#{…}', which is not evaluated there.",
							"Refer to other properties and to variables of the environment by '${…}'.")
					: null;
		}
		catch (PlaceholderResolutionException ex) {
			return new Problem(subject + " refers to '${" + ex.getPlaceholder() + "}', which is not set.",
					"Set '" + ex.getPlaceholder()
							+ "', for instance as a variable of the environment, or correct the property.");
		}
	}

}

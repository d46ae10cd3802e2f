package io.threescale.spring.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.threescale.spring.autoconfigure.InvalidThreeScaleConfigurationException.Problem;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Remembers the properties that decide which beans there are. Where an application is
 * processed ahead of time, what they are then is part of the result, and what they are at
 * start changes nothing: the start fails if it differs.
 */
final class FrozenConditions implements BeanFactoryPostProcessor {

	static final Map<String, String> DEFAULTS = Map.of("threescale.enabled", "true", "threescale.mode", "strict",
			"threescale.sandbox.enabled", "false", "threescale.advisor.enabled", "false", "threescale.fleet.mode",
			"none");

	private final Map<String, String> frozen;

	private final Environment environment;

	FrozenConditions(Map<String, String> frozen, Environment environment) {
		this.frozen = frozen;
		this.environment = environment;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		Map<String, String> set = read(this.environment);
		List<Problem> problems = set.keySet()
			.stream()
			.filter((property) -> !Objects.equals(set.get(property), this.frozen.get(property)))
			.map((property) -> new Problem(
					"Property '" + property + "' is '" + set.get(property) + "', but it was '"
							+ this.frozen.get(property) + "' when the application was processed ahead of time, which "
							+ "cannot be changed at start.",
					"Process the application with the value it is to have, or start it with '-Dspring.aot.enabled=false'."))
			.toList();
		InvalidThreeScaleConfigurationException.throwIfAny(problems);
	}

	private static Map<String, String> read(Environment environment) {
		Map<String, String> values = new TreeMap<>();
		DEFAULTS.forEach((property, standard) -> values.put(property,
				environment.getProperty(property, standard).toLowerCase(Locale.ROOT)));
		return values;
	}

	/**
	 * Registers them with what the properties are now.
	 */
	static final class Registrar implements ImportBeanDefinitionRegistrar {

		private final Environment environment;

		Registrar(Environment environment) {
			this.environment = environment;
		}

		@Override
		public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
			registry.registerBeanDefinition("threeScaleFrozenConditions",
					BeanDefinitionBuilder.rootBeanDefinition(FrozenConditions.class)
						.addConstructorArgValue(read(this.environment))
						.addConstructorArgReference("environment")
						.getBeanDefinition());
		}

	}

}

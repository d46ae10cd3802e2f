package io.threescale.spring.autoconfigure;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

import io.threescale.spring.sandbox.SandboxPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperties;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperties;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.classreading.SimpleMetadataReaderFactory;
import org.springframework.javapoet.ClassName;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * An application that is processed ahead of time.
 */
class FrozenConditionsTests {

	@ParameterizedTest
	@CsvSource({ "threescale.mode, predictive", "threescale.enabled, false", "threescale.sandbox.enabled, true",
			"threescale.advisor.enabled, true", "threescale.fleet.mode, redis" })
	void whenWhatWasFrozenDiffersThenDoesNotStart(String property, String value) {
		FrozenConditions conditions = new FrozenConditions(FrozenConditions.DEFAULTS,
				new MockEnvironment().withProperty(property, value));
		assertThatExceptionOfType(InvalidThreeScaleConfigurationException.class)
			.isThrownBy(() -> conditions.postProcessBeanFactory(new DefaultListableBeanFactory()))
			.withMessageContaining("Property '" + property + "' is '" + value + "'")
			.withMessageContaining("processed ahead of time");
	}

	@Test
	void whenNothingDiffersThenStarts() {
		MockEnvironment environment = new MockEnvironment().withProperty("threescale.mode", "STRICT")
			.withProperty("threescale.enabled", "true");
		assertThatNoException().isThrownBy(() -> new FrozenConditions(FrozenConditions.DEFAULTS, environment)
			.postProcessBeanFactory(new DefaultListableBeanFactory()));
	}

	@Test
	void whenProcessedThenConditionsAreKeptAndTypesOfPropertiesHaveHints() throws Exception {
		InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
		DefaultGenerationContext generation = process(files, ThreeScaleBackendAutoConfiguration.class,
				"threescale.mode=predictive");
		assertThat(kept(files)).contains("\"threescale.mode\", \"predictive\"", "\"threescale.enabled\", \"true\"");
		assertThat(RuntimeHintsPredicates.reflection().onType(ThreeScaleRulesProperties.Rule.class))
			.accepts(generation.getRuntimeHints());
		assertThat(RuntimeHintsPredicates.reflection().onType(SandboxPlan.class)).accepts(generation.getRuntimeHints());
		assertThat(RuntimeHintsPredicates.resource().forResource("io/threescale/spring/client/fleet/write.lua"))
			.accepts(generation.getRuntimeHints());
	}

	@Test
	void whenProcessedWhileSwitchedOffThenThatIsKept() throws Exception {
		InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
		process(files, ThreeScaleDisabledAutoConfiguration.class, "threescale.enabled=false");
		assertThat(kept(files)).contains("\"threescale.enabled\", \"false\"");
	}

	@Test
	void whenPropertyDecidesAboutConfigurationThenItIsFrozen() throws Exception {
		Set<String> properties = new HashSet<>();
		for (Resource type : new PathMatchingResourcePatternResolver()
			.getResources("classpath*:io/threescale/spring/autoconfigure/ThreeScale*.class")) {
			AnnotationMetadata annotations = new SimpleMetadataReaderFactory().getMetadataReader(type)
				.getAnnotationMetadata();
			Stream
				.concat(annotations
					.getMergedRepeatableAnnotationAttributes(ConditionalOnProperty.class, ConditionalOnProperties.class,
							false)
					.stream(),
						annotations
							.getMergedRepeatableAnnotationAttributes(ConditionalOnBooleanProperty.class,
									ConditionalOnBooleanProperties.class, false)
							.stream())
				.flatMap((condition) -> Stream.of("name", "value").map(condition::getStringArray))
				.flatMap(Arrays::stream)
				.forEach(properties::add);
		}
		assertThat(properties).isEqualTo(FrozenConditions.DEFAULTS.keySet());
	}

	private static DefaultGenerationContext process(InMemoryGeneratedFiles files, Class<?> configuration,
			String property) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of(property).applyTo(context);
		context.register(configuration);
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("com.example", "Processed")), files);
		TestPropertyValues.of(AbstractAotProcessor.AOT_PROCESSING + "=true").applyToSystemProperties(() -> {
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			generation.writeGeneratedContent();
			return null;
		});
		return generation;
	}

	private static String kept(InMemoryGeneratedFiles files) throws Exception {
		for (String file : files.getGeneratedFiles(Kind.SOURCE).keySet()) {
			if (file.contains("FrozenConditions")) {
				return files.getGeneratedFileContent(Kind.SOURCE, file);
			}
		}
		throw new AssertionError("No source for FrozenConditions");
	}

}

package io.threescale.spring.autoconfigure;

import java.util.Map;

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
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * An application that is processed ahead of time.
 */
class FrozenConditionsTests {

	private static final Map<String, String> FROZEN = Map.of("threescale.enabled", "true", "threescale.mode", "strict",
			"threescale.sandbox.enabled", "false", "threescale.advisor.enabled", "false");

	@ParameterizedTest
	@CsvSource({ "threescale.mode, predictive", "threescale.enabled, false", "threescale.sandbox.enabled, true",
			"threescale.advisor.enabled, true" })
	void whenWhatWasFrozenDiffersThenDoesNotStart(String property, String value) {
		FrozenConditions conditions = new FrozenConditions(FROZEN, new MockEnvironment().withProperty(property, value));
		assertThatExceptionOfType(InvalidThreeScaleConfigurationException.class)
			.isThrownBy(() -> conditions.postProcessBeanFactory(new DefaultListableBeanFactory()))
			.withMessageContaining("Property '" + property + "' is '" + value + "'")
			.withMessageContaining("processed ahead of time");
	}

	@Test
	void whenNothingDiffersThenStarts() {
		MockEnvironment environment = new MockEnvironment().withProperty("threescale.mode", "STRICT")
			.withProperty("threescale.enabled", "true");
		assertThatNoException().isThrownBy(() -> new FrozenConditions(FROZEN, environment)
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

package io.threescale.spring.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * The generations of Spring Boot.
 */
class SpringBootGenerationTests {

	@ParameterizedTest
	@ValueSource(strings = { "2.7.18", "3.5.6", "3.0.0-SNAPSHOT" })
	void whenSpringBootIsTooOldThenSaysWhichAreGood(String version) {
		assertThatExceptionOfType(InvalidThreeScaleConfigurationException.class)
			.isThrownBy(() -> SpringBootGeneration.verify(version))
			.withMessage(
					"The 3scale starter works with Spring Boot 4.0 and 4.1, and this is Spring Boot " + version + ".");
	}

	@ParameterizedTest
	@ValueSource(strings = { "4.0.0", "4.0.9", "4.1.2", "4.1.0-RC1", "4.2.0-M1", "5.0.0" })
	void whenSpringBootIsNewEnoughThenStarts(String version) {
		assertThatNoException().isThrownBy(() -> SpringBootGeneration.verify(version));
	}

	@Test
	void shouldComeBeforeAnyBean() {
		assertThat(new SpringApplication(Empty.class).getInitializers())
			.hasAtLeastOneElementOfType(SpringBootGeneration.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class Empty {

	}

}

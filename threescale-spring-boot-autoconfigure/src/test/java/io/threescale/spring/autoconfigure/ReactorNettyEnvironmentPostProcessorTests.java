package io.threescale.spring.autoconfigure;

import java.util.Map;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.assertArg;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Which HTTP clients Spring Boot builds for an application beside ours.
 */
class ReactorNettyEnvironmentPostProcessorTests {

	private static final String FACTORY = "spring.http.clients.imperative.factory";

	private static final String CONNECTOR = "spring.http.clients.reactive.connector";

	private final StandardEnvironment environment = new StandardEnvironment();

	private final Log log = mock(Log.class);

	@Test
	void whenNothingSpeaksForReactorNettyThenIsNotUsed() {
		process("org.springframework.boot.webclient", "org.springframework.boot.reactor.netty");
		assertThat(property(FACTORY)).isEqualTo("jdk");
		assertThat(property(CONNECTOR)).isEqualTo("jdk");
		verify(this.log).debug(assertArg((line) -> assertThat(line.toString()).contains(FACTORY, CONNECTOR)));
	}

	@Test
	void whenTheJdkHasNoClientThenSpringBootDecides() {
		process("org.springframework.boot.webclient", "org.springframework.boot.reactor.netty", "java.net.http");
		assertThat(property(FACTORY)).isNull();
		assertThat(property(CONNECTOR)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.boot.webclient", "org.springframework.boot.reactor.netty" })
	void whenAModuleSpeaksForItThenSpringBootDecides(String absent) {
		process(absent);
		assertThat(property(FACTORY)).isNull();
		assertThat(property(CONNECTOR)).isNull();
		verify(this.log, never()).debug(any());
	}

	@Test
	void whenThePropertyIsSetThenItCounts() {
		this.environment.getPropertySources()
			.addLast(new MapPropertySource("defaultProperties", Map.of(FACTORY, "reactor", CONNECTOR, "reactor")));
		process("org.springframework.boot.webclient", "org.springframework.boot.reactor.netty");
		assertThat(property(FACTORY)).isEqualTo("reactor");
		assertThat(property(CONNECTOR)).isEqualTo("reactor");
		verify(this.log, never()).debug(any());
	}

	private @Nullable String property(String name) {
		return this.environment.getProperty(name);
	}

	private void process(String... absent) {
		SpringApplication application = new SpringApplication(
				new DefaultResourceLoader(new FilteredClassLoader(absent)));
		DeferredLogFactory logs = (Supplier<Log> destination) -> this.log;
		new ReactorNettyEnvironmentPostProcessor(logs).postProcessEnvironment(this.environment, application);
	}

}

package io.threescale.spring.metering.reactive;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import io.threescale.spring.security.ThreeScaleServerConfigurer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * No thread of an event loop ever waits: a call of which any part blocked would fail.
 * Runs in a JVM of its own, which BlockHound has rewritten.
 */
@Tag("blockhound")
class NeverBlocksTests {

	private static final int CALLS = 50;

	@TempDir
	private Path spool;

	@BeforeAll
	static void install() {
		BlockHound.install();
	}

	@Test
	void whenSomethingBlocksThenItIsNoticed() {
		Mono<Long> blocking = Mono.delay(Duration.ofMillis(1)).doOnNext((tick) -> sleep());
		assertThatThrownBy(blocking::block).rootCause().isInstanceOf(BlockingOperationError.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "strict", "predictive" })
	void whenCallsAreMeteredThenNothingBlocks(String mode) {
		assertNothingBlocks(mode, Api.class);
	}

	@Test
	void whenAccessRulesAskForThePlanThenNothingBlocks() {
		assertNothingBlocks("strict", Secured.class);
	}

	private void assertNothingBlocks(String mode, Class<?> api) {
		String[] properties = { "threescale.mode=" + mode, "threescale.reporting.spool.directory=" + this.spool,
				"threescale.reporting.flush-interval=50ms", "threescale.sandbox.enabled=true" };
		try (Application application = Application.start(WebApplicationType.REACTIVE, api, properties)) {
			for (String path : new String[] { "/before", "/afterwards" }) {
				Stream<Integer> statuses = IntStream.range(0, CALLS)
					.parallel()
					.mapToObj((call) -> application.send("GET", path, "user-key", "demo").statusCode());
				assertThat(statuses).hasSize(CALLS).containsOnly(200);
			}
			ThreeScaleSandbox sandbox = application.bean(ThreeScaleSandbox.class);
			Awaitility.await().untilAsserted(() -> assertThat(sandbox.usage("demo", "hits")).isEqualTo(3 * CALLS));
		}
	}

	private static void sleep() {
		try {
			Thread.sleep(1);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@RestController
	@EnableAutoConfiguration
	static class Api {

		@GetMapping("/before")
		@ThreeScaleMetered
		Mono<String> before() {
			return Mono.just("");
		}

		@GetMapping("/afterwards")
		@ThreeScaleMetered
		Flux<String> afterwards(MeteredCall call) {
			return Flux.just("one", "two").doOnNext((text) -> call.add("hits", 1));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebFluxSecurity
	@Import(Api.class)
	static class Secured {

		@Bean
		SecurityWebFilterChain chain(ServerHttpSecurity http, ThreeScaleServerConfigurer threeScale) {
			return threeScale.configure(http)
				.authorizeExchange((exchanges) -> exchanges.anyExchange().authenticated())
				.build();
		}

	}

}

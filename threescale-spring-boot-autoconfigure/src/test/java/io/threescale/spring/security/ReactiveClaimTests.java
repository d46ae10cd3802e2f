package io.threescale.spring.security;

import java.util.Map;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.ThreeScaleMetered;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Callers known by a claim of their token on WebFlux.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ReactiveClaimTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	private Application application;

	@BeforeAll
	void start() {
		this.application = Application.start(WebApplicationType.REACTIVE, backend, Api.class,
				"threescale.credentials.claim=azp");
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	@Test
	void whenTokenIsValidThenItsClaimIsTheOAuthClient() {
		String token = ClaimTests.token(ClaimTests.KEY, Map.of("azp", "client-1"));
		assertThat(send(token, "user-key", "key-1")).isEqualTo(200);
		assertThat(backend.calls()).singleElement()
			.satisfies((call) -> assertThat(call).containsEntry("app_id", "client-1").doesNotContainKey("user_key"));
	}

	@Test
	void whenTokenIsForgedThenTheBackendIsNotAsked() {
		String forged = ClaimTests.token(ClaimTests.key("a key of thirty-two bytes of another's"),
				Map.of("azp", "client-1"));
		assertThat(send(forged, "user-key", "key-1")).isEqualTo(401);
		assertThat(backend.calls()).isEmpty();
	}

	@Test
	void whenTokenHasNoSuchClaimThenSourcesAreAsked() {
		String token = ClaimTests.token(ClaimTests.KEY, Map.of("client_id", "client-2"));
		assertThat(send(token, "user-key", "key-1")).isEqualTo(200);
		assertThat(backend.calls()).singleElement()
			.satisfies((call) -> assertThat(call).containsEntry("user_key", "key-1"));
	}

	private int send(String token, String name, String value) {
		return this.application.send("GET", "/hello", "Authorization", "Bearer " + token, name, value).statusCode();
	}

	@RestController
	@EnableAutoConfiguration
	@EnableWebFluxSecurity
	static class Api {

		@Bean
		ReactiveJwtDecoder decoder() {
			return NimbusReactiveJwtDecoder.withSecretKey(ClaimTests.KEY).macAlgorithm(MacAlgorithm.HS256).build();
		}

		@Bean
		SecurityWebFilterChain chain(ServerHttpSecurity http) {
			return http.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
				.authorizeExchange((exchanges) -> exchanges.anyExchange().authenticated())
				.build();
		}

		@GetMapping("/hello")
		@ThreeScaleMetered
		Mono<String> hello() {
			return Mono.just("hello");
		}

	}

}

package io.threescale.spring.metering;

import io.threescale.spring.Authorization;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.fixture.Application;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application's own client that completes without a decision lets nobody pass.
 */
class SilentClientTests {

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void whenClientDecidesNothingThenCallDoesNotPass(WebApplicationType type) {
		try (Application application = Application.start(type, Api.class)) {
			assertThat(application.get("/").statusCode()).isEqualTo(500);
		}
	}

	@RestController
	@EnableAutoConfiguration
	static class Api {

		@Bean
		ReactiveThreeScaleClient silent() {
			return new SilentClient();
		}

		@GetMapping("/")
		@ThreeScaleMetered
		String get() {
			return "";
		}

	}

	private static final class SilentClient implements ReactiveThreeScaleClient {

		@Override
		public Mono<Authorization> authorize(AuthorizationRequest request) {
			return Mono.empty();
		}

		@Override
		public Mono<Authorization> authRep(AuthorizationRequest request) {
			return Mono.empty();
		}

		@Override
		public Mono<Void> report(ReportRequest request) {
			return Mono.empty();
		}

		@Override
		public void close() {
		}

	}

}

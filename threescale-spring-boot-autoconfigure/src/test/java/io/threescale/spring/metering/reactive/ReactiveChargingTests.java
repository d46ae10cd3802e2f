package io.threescale.spring.metering.reactive;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.threescale.spring.Authorization;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.ThreeScaleUnmetered;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.WebFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A call is charged once, whatever its handler returns, and not if it reaches none.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ReactiveChargingTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	private static final Map<String, String> HIT = Map.of("hits", "1");

	private Application application;

	@BeforeAll
	void start(@TempDir Path directory) throws IOException {
		Files.writeString(directory.resolve("report.txt"), "static");
		this.application = Application.start(WebApplicationType.REACTIVE, backend, Api.class,
				"threescale.rules[0].pattern=/functional/**", "threescale.rules[0].metric=functional",
				"threescale.rules[1].pattern=/overruled/**", "threescale.rules[2].pattern=/options/**",
				"threescale.rules[3].pattern=/report.txt", "threescale.rate-limit-headers=true",
				"spring.web.resources.static-locations=" + directory.toUri());
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@CsvSource({ "/plain, 200, plain", "/mono, 200, mono", "/flux, 200, onetwo", "/entity, 201, entity",
			"/delayed, 200, delayed", "/handled, 418, handled", "/plan, 200, Basic" })
	void whenHandlerAnswersThenChargedOnce(String path, int status, String body) {
		HttpResponse<String> answer = this.application.get(path);
		assertThat(answer.statusCode()).isEqualTo(status);
		assertThat(answer.body()).isEqualTo(body);
		assertThat(backend.usages()).containsExactly(HIT);
	}

	@ParameterizedTest
	@CsvSource({ "/thrown, 404", "/failing, 500", "/empty, 200", "/events, 200" })
	void whenHandlerFailsOrStreamsThenChargedOnce(String path, int status) {
		assertThat(this.application.get(path).statusCode()).isEqualTo(status);
		assertThat(backend.usages()).containsExactly(HIT);
	}

	@Test
	void whenEndpointIsFunctionalThenChargedByRule() {
		assertThat(this.application.get("/functional/a").body()).isEqualTo("functional");
		assertThat(backend.usages()).containsExactly(Map.of("functional", "1"));
	}

	@Test
	void whenFunctionalEndpointIsDeniedThenTheSameAnswer() {
		backend.exceeded(0, 17, 10);
		HttpResponse<String> answer = this.application.get("/functional/a");
		assertThat(answer.statusCode()).isEqualTo(429);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		assertThat(answer.headers().firstValue("Retry-After")).hasValue("17");
		assertThat(answer.body()).contains("urn:threescale:problem:limits-exceeded");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/unmetered", "/nobody", "/turned-away", "/overruled" })
	void whenNoMeteredHandlerIsReachedThenFree(String path) {
		this.application.get(path);
		assertThat(backend.calls()).isEmpty();
	}

	@Test
	void whenPreflightThenFree() {
		HttpResponse<String> answer = this.application.send("OPTIONS", "/plain", "Origin", "http://example.com",
				"Access-Control-Request-Method", "GET");
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(backend.calls()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/options/none", "/report.txt" })
	void whenNoMethodServesOptionsThenFree(String path) {
		HttpResponse<String> answer = this.application.send("OPTIONS", path);
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.headers().firstValue("Allow")).isPresent();
		assertThat(backend.calls()).isEmpty();
	}

	@Test
	void whenAMethodServesOptionsThenCharged() {
		assertThat(this.application.send("OPTIONS", "/options/served").statusCode()).isEqualTo(401);
		HttpResponse<String> answer = this.application.send("OPTIONS", "/options/served", "user-key", "key-1");
		assertThat(answer.body()).isEqualTo("served");
		assertThat(backend.usages()).containsExactly(HIT);
	}

	@Test
	void whenHeadThenChargedAsGet() {
		assertThat(this.application.send("HEAD", "/plain", "user-key", "key-1").statusCode()).isEqualTo(200);
		assertThat(backend.usages()).containsExactly(HIT);
	}

	@Test
	void whenGrantedWithLimitsThenHeadersTellThem() {
		backend.answers(Backend.grantedWithLimits());
		assertThat(this.application.get("/mono").headers().firstValue("RateLimit"))
			.hasValue("\"hits-minute\";r=6;t=17");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Api {

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route()
				.GET("/functional/{id}", (request) -> ServerResponse.ok().bodyValue("functional"))
				.build();
		}

		@Bean
		WebFilter guard() {
			return (exchange, chain) -> {
				if (exchange.getRequest().getPath().value().equals("/turned-away")) {
					exchange.getResponse().setStatusCode(HttpStatus.PAYMENT_REQUIRED);
					return exchange.getResponse().setComplete();
				}
				return chain.filter(exchange);
			};
		}

	}

	@RestController
	@CrossOrigin
	@ThreeScaleMetered
	static class Controller {

		@GetMapping("/plain")
		String plain() {
			return "plain";
		}

		@GetMapping("/mono")
		Mono<String> mono() {
			return Mono.just("mono");
		}

		@GetMapping("/flux")
		Flux<String> flux() {
			return Flux.just("one", "two");
		}

		@GetMapping("/entity")
		Mono<ResponseEntity<String>> entity() {
			return Mono.just(ResponseEntity.status(201).body("entity"));
		}

		@GetMapping("/delayed")
		Mono<String> delayed() {
			return Mono.delay(Duration.ofMillis(1)).thenReturn("delayed");
		}

		@GetMapping("/handled")
		Mono<String> handled() {
			return Mono.error(new IllegalArgumentException());
		}

		@ExceptionHandler
		ResponseEntity<String> handle(IllegalArgumentException ex) {
			return ResponseEntity.status(418).body("handled");
		}

		@GetMapping("/plan")
		Mono<String> plan(Authorization authorization) {
			return Mono.justOrEmpty(authorization.plan());
		}

		@GetMapping("/thrown")
		Mono<String> thrown() {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND);
		}

		@GetMapping("/failing")
		Flux<String> failing() {
			return Flux.error(new IllegalStateException("on purpose"));
		}

		@GetMapping("/empty")
		Mono<Void> empty() {
			return Mono.empty();
		}

		@GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<String> events() {
			return Flux.fromIterable(List.of("one", "two"));
		}

		@GetMapping("/options/none")
		@ThreeScaleMetered
		String none() {
			return "none";
		}

		@RequestMapping(path = "/options/served", method = RequestMethod.OPTIONS)
		String served() {
			return "served";
		}

		@GetMapping("/turned-away")
		String turnedAway() {
			return "";
		}

		@GetMapping({ "/unmetered", "/overruled" })
		@ThreeScaleUnmetered
		String unmetered() {
			return "";
		}

	}

}

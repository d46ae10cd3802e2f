package io.threescale.spring.metering.reactive;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Applications;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.ThreeScaleTemplate;
import io.threescale.spring.metering.problem.CallDeniedException;
import io.threescale.spring.metering.problem.CredentialsMissingException;
import io.threescale.spring.metering.problem.MeteringException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.codec.CharSequenceEncoder;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.EncoderHttpMessageWriter;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.webflux.dsl.WebFlux;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.result.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.server.ServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the caller of a WebFlux application sees where the application has a say.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReactiveOwnAnswerTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	@RegisterExtension
	static final Applications applications = new Applications(backend);

	@TempDir
	static Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "/hello", "/catching", "/template", "/thrown", "/functional" })
	void whenHandlerOfAllExceptionsThenItDoesNotDecide(String path) {
		Application application = start(CatchesAll.class);
		assertThat(application.get("/broken").body()).isEqualTo("caught");
		assertThat(application.get("/breaking").body()).isEqualTo("caught");
		backend.exceeded(0, 17, 10);
		HttpResponse<String> denied = application.get(path);
		assertProblem(denied, 429, "limits-exceeded");
		assertThat(denied.headers().allValues("Retry-After")).containsExactly("17");
		assertThat(JsonPath.<String>read(denied.body(), "$.instance")).isEqualTo(path);
		assertThat(JsonPath.<List<String>>read(denied.body(), "$.limits[*].metric")).containsExactly("hits");
	}

	@Test
	void whenHandlerOfAllExceptionsThenCredentialsAreAskedForAllTheSame() {
		Application application = start(CatchesAll.class);
		HttpResponse<String> answer = application.send("GET", "/hello");
		assertProblem(answer, 401, "credentials-missing");
		assertThat(answer.headers().allValues("WWW-Authenticate")).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/hello", "/catching", "/template", "/thrown", "/functional" })
	void whenHandlerIsMeantThenItAnswersBeforeOneOfAllExceptions(String path) {
		Application application = start(Means.class);
		backend.exceeded(0, 17, 10);
		HttpResponse<String> denied = application.get(path);
		assertThat(denied.statusCode()).isEqualTo(418);
		assertThat(denied.body()).isEqualTo("mine limits_exceeded " + path + " key-1");
		assertProblem(application.send("GET", "/hello"), 401, "credentials-missing");
	}

	@Test
	void whenHandlerOfTheControllerIsMeantThenItAnswers() {
		Application application = start(CatchesAll.class);
		HttpResponse<String> answer = application.send("GET", "/meaning");
		assertThat(answer.statusCode()).isEqualTo(402);
		assertThat(answer.body()).isEqualTo("pay");
		backend.denies("application_not_active");
		assertProblem(application.get("/meaning"), 403, "access-denied");
	}

	@Test
	void whenApplicationHandlesErrorResponsesThenItAnswers() {
		Application application = start(HandlesErrorResponses.class);
		HttpResponse<String> answer = application.send("GET", "/hello");
		assertThat(answer.statusCode()).isEqualTo(401);
		assertThat(answer.headers().allValues("WWW-Authenticate")).hasSize(2);
		assertThat(answer.headers().firstValue("X-Mine")).hasValue("yes");
	}

	@Test
	void whenHandlerThatIsMeantFailsThenProblemDetails() {
		Application application = start(Fails.class);
		assertProblem(application.send("GET", "/hello"), 401, "credentials-missing");
	}

	@Test
	void whenNoControllerAndNoJsonThenProblemDetailsAndNoWarning(CapturedOutput output) throws IOException {
		Files.writeString(directory.resolve("file.txt"), "file");
		Application application = start(WithoutJson.class, "spring.web.resources.static-locations=" + directory.toUri(),
				"threescale.rules[0].pattern=/**");
		assertThat(application.get("/file.txt").body()).isEqualTo("file");
		assertThat(application.get("/gateway").body()).isEqualTo("integrated");
		String started = output.getAll();
		for (String path : List.of("/file.txt", "/functional", "/socket", "/free", "/gateway", "/adapter")) {
			assertProblem(application.send("GET", path, "Accept", "text/html"), 401, "credentials-missing");
			backend.exceeded(0, 17, 10);
			assertProblem(application.get(path), 429, "limits-exceeded");
			backend.denies("application_not_active");
			assertProblem(application.get(path), 403, "access-denied");
		}
		assertThat(output.getAll().substring(started.length())).doesNotContain("WARN", "ERROR");
	}

	private static Application start(Class<?> source, String... properties) {
		return applications.get(WebApplicationType.REACTIVE, source,
				(properties.length > 0) ? properties : new String[] { "threescale.rules[0].pattern=/functional" });
	}

	private static void assertProblem(HttpResponse<String> answer, int status, String type) {
		assertThat(answer.statusCode()).isEqualTo(status);
		assertThat(answer.headers().allValues("Content-Type")).containsExactly("application/problem+json");
		assertThat(JsonPath.<String>read(answer.body(), "$.type")).isEqualTo("urn:threescale:problem:" + type);
		assertThat(JsonPath.<Integer>read(answer.body(), "$.status")).isEqualTo(status);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Controller.class, CatchingController.class, MeaningController.class })
	static class Api {

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route()
				.GET("/functional", (request) -> ServerResponse.ok().bodyValue("functional"))
				.build();
		}

	}

	@RestControllerAdvice
	@Order(Ordered.HIGHEST_PRECEDENCE + 1)
	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class CatchesAll {

		@ExceptionHandler
		ResponseEntity<String> handle(Exception ex) {
			return ResponseEntity.internalServerError().body("caught");
		}

	}

	@RestControllerAdvice
	@Order(Ordered.LOWEST_PRECEDENCE)
	@Configuration(proxyBeanMethods = false)
	@Import(CatchesAll.class)
	static class Means {

		@ExceptionHandler
		Mono<ResponseEntity<String>> handle(CallDeniedException ex, ServerWebExchange exchange,
				ServerHttpRequest request, @RequestHeader("user-key") String key) {
			return Mono.just(ResponseEntity.status(418)
				.body("mine " + ex.denied().code() + " " + request.getPath() + " " + key));
		}

	}

	@RestControllerAdvice
	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class HandlesErrorResponses extends ResponseEntityExceptionHandler {

		@Override
		protected Mono<ResponseEntity<Object>> handleExceptionInternal(Exception ex, Object body,
				org.springframework.http.HttpHeaders headers, org.springframework.http.HttpStatusCode status,
				ServerWebExchange exchange) {
			return super.handleExceptionInternal(ex, body, headers, status, exchange)
				.doOnNext((answer) -> exchange.getResponse().getHeaders().set("X-Mine", "yes"));
		}

	}

	@RestControllerAdvice
	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class Fails {

		@ExceptionHandler
		String handle(MeteringException ex) {
			throw new IllegalStateException("on purpose");
		}

	}

	@EnableIntegration
	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class WithoutJson implements WebFluxConfigurer {

		@Override
		public void configureHttpMessageCodecs(ServerCodecConfigurer configurer) {
			configurer.registerDefaults(false);
			configurer.customCodecs().register(new EncoderHttpMessageWriter<>(CharSequenceEncoder.allMimeTypes()));
			configurer.customCodecs().register(new org.springframework.http.codec.ResourceHttpMessageWriter());
		}

		@Bean
		HandlerMapping sockets() {
			WebSocketHandler handler = (session) -> session.close();
			return new SimpleUrlHandlerMapping(Map.of("/socket", handler), -1);
		}

		@Bean
		IntegrationFlow gateway() {
			return IntegrationFlow.from(WebFlux.inboundGateway("/gateway"))
				.handle((payload, headers) -> "integrated")
				.get();
		}

		@Bean
		IntegrationFlow adapter() {
			return IntegrationFlow.from(WebFlux.inboundChannelAdapter("/adapter")).nullChannel();
		}

	}

	@RestController
	static class Controller {

		private final ThreeScaleTemplate threeScale;

		Controller(ThreeScaleTemplate threeScale) {
			this.threeScale = threeScale;
		}

		@GetMapping("/hello")
		@ThreeScaleMetered
		String hello() {
			return "hello";
		}

		@GetMapping("/free")
		String free() {
			return "free";
		}

		@GetMapping("/template")
		Mono<String> template() {
			return this.threeScale.metered(ApplicationCredentials.userKey("key-1"), Usage.HIT, Mono.just("done"));
		}

		@GetMapping("/thrown")
		String thrown() {
			return this.threeScale.metered(ApplicationCredentials.userKey("key-1"), Usage.HIT, Mono.just("done"))
				.share()
				.toFuture()
				.join();
		}

		@GetMapping("/breaking")
		@ThreeScaleMetered
		Mono<String> breaking() {
			return Mono.error(new IllegalStateException("broken"));
		}

		@GetMapping("/broken")
		String broken() {
			throw new IllegalStateException("on purpose");
		}

	}

	@RestController
	static class CatchingController {

		@GetMapping("/catching")
		@ThreeScaleMetered
		String hello() {
			return "hello";
		}

		@ExceptionHandler
		ResponseEntity<String> handle(Exception ex) {
			return ResponseEntity.internalServerError().body("caught");
		}

	}

	@RestController
	static class MeaningController {

		@GetMapping("/meaning")
		@ThreeScaleMetered
		String hello() {
			return "hello";
		}

		@ExceptionHandler
		ResponseEntity<String> handle(CredentialsMissingException ex) {
			return ResponseEntity.status(402).body("pay");
		}

	}

}

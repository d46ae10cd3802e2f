package io.threescale.spring.metering.servlet;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Applications;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.problem.CallDeniedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.http.dsl.Http;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who decides about the answer to a call that may not go on: exception handlers that name
 * our exceptions, and nobody else.
 */
@ExtendWith(OutputCaptureExtension.class)
class CatchAllTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	@RegisterExtension
	static final Applications applications = new Applications(backend);

	@ParameterizedTest
	@ValueSource(classes = { CatchAll.class, CatchAllInController.class, CatchAllResolver.class, NamesAnother.class,
			WithoutJson.class })
	void whenAHandlerIsForAllExceptionsThenProblemDetails(Class<?> host, CapturedOutput output) {
		Application application = applications.get(host);
		backend.exceeded(0, 17, 10);
		HttpResponse<String> exceeded = application.get("/hello");
		assertProblem(exceeded, 429);
		assertThat(exceeded.headers().firstValue("Retry-After")).hasValue("17");
		HttpResponse<String> unauthenticated = application.send("GET", "/hello", "Accept", "text/html");
		assertProblem(unauthenticated, 401);
		assertThat(unauthenticated.headers().allValues("WWW-Authenticate")).hasSize(2);
		assertThat(output).doesNotContain(" WARN ", " ERROR ");
	}

	@Test
	void whenAHandlerIsForAllExceptionsThenItKeepsTheOthers() {
		Application application = applications.get(CatchAll.class);
		assertThat(application.get("/failing").body()).isEqualTo("catch-all");
	}

	@ParameterizedTest
	@ValueSource(classes = { NamedAfterCatchAll.class, NamedInController.class, NamedBesidesCatchAllInController.class,
			ErrorResponses.class })
	void whenAHandlerNamesTheExceptionThenItAnswers(Class<?> host) {
		Application application = applications.get(host);
		backend.denies("application_not_active");
		HttpResponse<String> answer = application.get("/hello");
		assertThat(answer.statusCode()).isEqualTo(403);
		assertThat(answer.body()).isEqualTo("named");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/view", "/handler", "/socket", "/sockjs/info", "/file.txt", "/gateway", "/adapter",
			"/gateway-with-view" })
	void whenTheHandlerIsNoMethodThenProblemDetailsAndNoWarning(String path, CapturedOutput output) {
		Application application = otherHandlers();
		assertProblem(application.send("GET", path, "Accept", "text/html"), 401);
		backend.denies("application_not_active");
		assertProblem(application.get(path), 403);
		assertThat(output).doesNotContain(" WARN ", " ERROR ");
	}

	@Test
	void whenTheHandlerIsAGatewayThenItIsMeteredOnce() {
		Application application = otherHandlers();
		assertThat(application.get("/gateway").body()).isEqualTo("integrated");
		assertThat(application.get("/adapter").statusCode()).isEqualTo(200);
		assertThat(backend.calls()).hasSize(2);
	}

	private static Application otherHandlers() {
		return applications.get(OtherHandlers.class, "threescale.rules[0].pattern=/**",
				"spring.web.resources.static-locations=classpath:/io/threescale/spring/static/");
	}

	private static void assertProblem(HttpResponse<String> answer, int status) {
		assertThat(answer.statusCode()).isEqualTo(status);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(answer.body()).startsWith("{\"type\":\"urn:threescale:problem:");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Hello.class)
	static class Api {

	}

	@RestController
	static class Hello {

		@GetMapping("/hello")
		@ThreeScaleMetered
		String hello() {
			return "hello";
		}

		@GetMapping("/failing")
		@ThreeScaleMetered
		String failing() {
			throw new IllegalStateException("on purpose");
		}

	}

	@RestControllerAdvice
	@Order(Ordered.HIGHEST_PRECEDENCE)
	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class CatchAll {

		@ExceptionHandler({ Exception.class, Throwable.class })
		ResponseEntity<String> handle(Exception ex) {
			return ResponseEntity.internalServerError().body("catch-all");
		}

	}

	@RestController
	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	static class CatchAllInController extends Hello {

		@ExceptionHandler
		ResponseEntity<String> handle(RuntimeException ex) {
			return ResponseEntity.internalServerError().body("catch-all");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class CatchAllResolver {

		@Bean
		HandlerExceptionResolver resolver() {
			return (request, response, handler, ex) -> {
				throw new IllegalStateException("Nobody asked", ex);
			};
		}

	}

	/** Names an exception like ours, but all the same ours only as any other. */
	@RestControllerAdvice
	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class NamesAnother {

		@ExceptionHandler({ ResponseStatusException.class, RuntimeException.class })
		ResponseEntity<String> handle(RuntimeException ex) {
			return ResponseEntity.internalServerError().body("catch-all");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class WithoutJson implements WebMvcConfigurer {

		@Override
		public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
			builder.configureMessageConvertersList((converters) -> {
				converters.clear();
				converters.addAll(List.of(new StringHttpMessageConverter()));
			});
		}

	}

	@RestControllerAdvice
	@Configuration(proxyBeanMethods = false)
	@Import(CatchAll.class)
	static class NamedAfterCatchAll {

		@ExceptionHandler
		ResponseEntity<String> handle(CallDeniedException ex) {
			return ResponseEntity.status(ex.getStatusCode()).body("named");
		}

	}

	@RestController
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class NamedInController extends Hello {

		@ExceptionHandler
		ResponseEntity<String> handle(CallDeniedException ex) {
			return ResponseEntity.status(ex.getStatusCode()).body("named");
		}

	}

	@RestControllerAdvice
	@Configuration(proxyBeanMethods = false)
	@Import(CatchAllInController.class)
	static class NamedBesidesCatchAllInController {

		@ExceptionHandler
		ResponseEntity<String> handle(CallDeniedException ex) {
			return ResponseEntity.status(ex.getStatusCode()).body("named");
		}

	}

	@RestControllerAdvice
	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class ErrorResponses extends ResponseEntityExceptionHandler {

		@Override
		protected ResponseEntity<Object> createResponseEntity(@Nullable Object body, HttpHeaders headers,
				HttpStatusCode status, WebRequest request) {
			return ResponseEntity.status(status).body("named");
		}

	}

	@EnableWebSocket
	@EnableIntegration
	@Configuration(proxyBeanMethods = false)
	@Import(CatchAll.class)
	static class OtherHandlers implements WebMvcConfigurer, WebSocketConfigurer {

		@Override
		public void addViewControllers(ViewControllerRegistry registry) {
			registry.addViewController("/view").setViewName("forward:/file.txt");
		}

		@Override
		public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
			registry.addHandler(new TextWebSocketHandler(), "/socket");
			registry.addHandler(new TextWebSocketHandler(), "/sockjs").withSockJS();
		}

		@Bean
		SimpleUrlHandlerMapping own() {
			HttpRequestHandler handler = (request, response) -> response.getWriter().write("own");
			SimpleUrlHandlerMapping mapping = new SimpleUrlHandlerMapping();
			mapping.setUrlMap(Map.of("/handler", handler));
			mapping.setOrder(-5);
			return mapping;
		}

		@Bean
		IntegrationFlow gateway() {
			return IntegrationFlow.from(Http.inboundGateway("/gateway"))
				.handle((payload, headers) -> "integrated")
				.get();
		}

		@Bean
		IntegrationFlow adapter() {
			return IntegrationFlow.from(Http.inboundChannelAdapter("/adapter")).nullChannel();
		}

		@Bean
		IntegrationFlow gatewayWithView() {
			return IntegrationFlow.from(Http.inboundControllerGateway("forward:/file.txt", "/gateway-with-view"))
				.handle((payload, headers) -> payload)
				.get();
		}

	}

}

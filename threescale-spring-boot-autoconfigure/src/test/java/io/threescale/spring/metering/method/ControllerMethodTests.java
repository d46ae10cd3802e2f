package io.threescale.spring.metering.method;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import graphql.GraphQLError;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.SandboxedApplication;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.problem.MeteringException;
import io.threescale.spring.sandbox.SandboxOperation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.graphql.autoconfigure.GraphQlSourceBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.GraphQlExceptionHandler;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.http.ResponseEntity;
import org.springframework.messaging.SubscribableChannel;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.ResponseBody;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Methods of controllers that are no handlers of HTTP requests.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ControllerMethodTests {

	@RegisterExtension
	final SandboxedApplication application = new SandboxedApplication(webStack(), Api.class,
			"threescale.advisor.enabled=true")
		.metrics("hits", "work");

	WebApplicationType webStack() {
		return WebApplicationType.SERVLET;
	}

	@Test
	void whenGraphQlQueryIsMeteredThenCharged() {
		assertThat(query("search", "key-1")).isEqualTo("{\"data\":{\"search\":\"found\"}}");
		assertThat(this.application.sandbox().usage("key-1", "work")).isEqualTo(1);
		assertThat(query("search", "unknown")).doesNotContain("found").contains("errors");
		assertThat(this.application.sandbox().usage("key-1", "work")).isEqualTo(1);
	}

	@Test
	void whenGraphQlQueryFailsThenItsErrorHandlerIsPartOfTheCall() {
		assertThat(query("failing", "key-1")).contains("handled");
		assertThat(this.application.sandbox().requests(SandboxOperation.AUTHREP)).isEqualTo(1);
	}

	@Test
	void whenMessageIsMeteredThenCharged() {
		send("/work", "key-1");
		assertThat(this.application.sandbox().usage("key-1", "work")).isEqualTo(1);
	}

	@Test
	void whenMessageFailsThenItsErrorHandlerIsPartOfTheCall() {
		send("/failing", "key-1");
		assertThat(this.application.sandbox().requests(SandboxOperation.AUTHREP)).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/handler", "/failing-handler" })
	void whenHandlerIsMeteredThenChargedOnceWithAllThatHelpsIt(String path) {
		assertThat(this.application.get(path).body()).isIn("handler model", "handled");
		assertThat(this.application.sandbox().usage("key-1", "work")).isEqualTo(1);
		assertThat(this.application.sandbox().requests(SandboxOperation.AUTHREP)).isEqualTo(1);
	}

	@Test
	void whenHandlerIsDeniedThenNothingElseIsAsked() {
		assertThat(this.application.send("GET", "/handler", "user-key", "unknown").statusCode()).isEqualTo(403);
		assertThat(this.application.sandbox().requests(SandboxOperation.AUTHREP)).isEqualTo(1);
	}

	private String query(String field, String key) {
		return Application
			.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.application.port() + "/graphql"))
				.header("Content-Type", "application/json")
				.header("Accept", "application/json")
				.POST(BodyPublishers.ofString("{\"query\":\"{ " + field + "(key: \\\"" + key + "\\\") }\"}"))
				.build())
			.body();
	}

	private void send(String destination, String key) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
		headers.setDestination(destination);
		headers.setSessionId("session");
		headers.setSessionAttributes(Map.of());
		this.application.bean(Api.Inbound.class)
			.channel()
			.send(MessageBuilder.createMessage(key, headers.getMessageHeaders()));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Queries.class, Messages.class, Handlers.class })
	static class Api {

		record Inbound(SubscribableChannel channel) {
		}

		@Bean
		MethodCredentialsResolver callers() {
			return (invocation) -> ApplicationCredentials.userKey((String) invocation.getArguments()[0]);
		}

		@Bean
		GraphQlSourceBuilderCustomizer schema() {
			return (builder) -> builder.schemaResources(
					new ByteArrayResource("type Query { search(key: String): String failing(key: String): String }"
						.getBytes(StandardCharsets.UTF_8)));
		}

		@Bean
		Inbound inbound() {
			return new Inbound(new ExecutorSubscribableChannel());
		}

		@Bean
		SimpAnnotationMethodMessageHandler messages(Inbound inbound) {
			ExecutorSubscribableChannel outbound = new ExecutorSubscribableChannel();
			return new SimpAnnotationMethodMessageHandler(inbound.channel(), outbound,
					new SimpMessagingTemplate(outbound));
		}

	}

	@Controller
	@ThreeScaleMetered("work")
	static class Queries {

		@QueryMapping
		Mono<String> search(@Argument String key) {
			return Mono.just("found");
		}

		@QueryMapping
		Mono<String> failing(@Argument String key) {
			return Mono.error(new IllegalStateException("on purpose"));
		}

		@GraphQlExceptionHandler
		GraphQLError handle(IllegalStateException ex) {
			return GraphQLError.newError().message("handled").build();
		}

	}

	@Controller
	@ThreeScaleMetered("work")
	static class Messages {

		@MessageMapping("/work")
		void work(String key) {
		}

		@MessageMapping("/failing")
		void failing(String key) {
			throw new IllegalStateException("on purpose");
		}

		@MessageExceptionHandler
		void handle(IllegalStateException ex) {
		}

	}

	@Controller
	@ResponseBody
	@ThreeScaleMetered("work")
	static class Handlers {

		@ModelAttribute("word")
		String word() {
			return "model";
		}

		@GetMapping("/handler")
		String handler(@ModelAttribute("word") String word) {
			return "handler " + word;
		}

		@GetMapping("/failing-handler")
		String failing() {
			throw new IllegalStateException("on purpose");
		}

		@ExceptionHandler
		String handle(IllegalStateException ex) {
			return "handled";
		}

		@ExceptionHandler
		ResponseEntity<String> handle(MeteringException ex) {
			return ResponseEntity.status(ex.getStatusCode()).body("denied");
		}

	}

}

package io.threescale.spring.metering;

import java.net.http.HttpResponse;
import java.util.Locale;

import com.jayway.jsonpath.JsonPath;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.problem.CallDeniedException;
import io.threescale.spring.metering.problem.MeteringException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.StaticMessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the caller sees where the application has a say.
 */
class OwnAnswerTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	@Test
	void whenNotAskedForThenGrantedHasNoRateLimitHeaders() {
		try (Application application = Application.start(backend, AnswerTests.Api.class)) {
			backend.answers(Backend.grantedWithLimits());
			HttpResponse<String> answer = application.get("/hello");
			assertThat(answer.statusCode()).isEqualTo(200);
			assertThat(answer.headers().map()).doesNotContainKeys("ratelimit", "ratelimit-policy");
			backend.exceeded(0, 17, 10);
			assertThat(application.get("/hello").headers().map()).containsKeys("ratelimit", "ratelimit-policy");
		}
	}

	@Test
	void whenHandlerOfMeteringExceptionThenItAnswers() {
		assertAnswered(HandlesMeteringException.class, 418, "mine");
	}

	@Test
	void whenHandlerOfErrorResponseExceptionThenItAnswers() {
		assertAnswered(HandlesErrorResponseException.class, 418, "mine");
	}

	@Test
	void whenHandlerOfSpecificExceptionThenItAnswersThatOnly() {
		try (Application application = Application.start(backend, HandlesDenial.class)) {
			backend.denies("application_not_active");
			assertThat(application.get("/hello").body()).isEqualTo("mine application_not_active");
			assertThat(application.send("GET", "/hello").statusCode()).isEqualTo(401);
		}
	}

	@Test
	void whenMessageSourceHasCodesThenTranslates() {
		try (Application application = Application.start(backend, Translates.class)) {
			backend.denies("application_not_active");
			HttpResponse<String> german = application.send("GET", "/hello", "user-key", "key-1", "Accept-Language",
					"de");
			assertThat(JsonPath.<String>read(german.body(), "$.title")).isEqualTo("Kein Zutritt");
			assertThat(JsonPath.<String>read(german.body(), "$.detail")).isEqualTo("So nicht.");
			assertThat(JsonPath.<String>read(german.body(), "$.type"))
				.isEqualTo("urn:threescale:problem:access-denied");
			HttpResponse<String> french = application.send("GET", "/hello", "user-key", "key-1", "Accept-Language",
					"fr");
			assertThat(JsonPath.<String>read(french.body(), "$.title")).isEqualTo("Access denied");
		}
	}

	private static void assertAnswered(Class<?> source, int status, String body) {
		try (Application application = Application.start(backend, source)) {
			backend.exceeded(0, 17, 10);
			HttpResponse<String> denied = application.get("/hello");
			assertThat(denied.statusCode()).isEqualTo(status);
			assertThat(denied.body()).isEqualTo(body);
			assertThat(application.send("GET", "/hello").statusCode()).isEqualTo(status);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@Import(AnswerTests.Api.class)
	@RestControllerAdvice
	static class HandlesMeteringException {

		@ExceptionHandler
		ResponseEntity<String> handle(MeteringException ex) {
			return ResponseEntity.status(418).body("mine");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(AnswerTests.Api.class)
	@RestControllerAdvice
	static class HandlesErrorResponseException {

		@ExceptionHandler
		ResponseEntity<String> handle(ErrorResponseException ex) {
			return ResponseEntity.status(418).body("mine");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(AnswerTests.Api.class)
	@RestControllerAdvice
	static class HandlesDenial {

		@ExceptionHandler
		@ResponseStatus(HttpStatus.PAYMENT_REQUIRED)
		String handle(CallDeniedException ex) {
			return "mine " + ex.denied().code();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(AnswerTests.Api.class)
	static class Translates {

		@Bean
		MessageSource messageSource() {
			String code = "threescale.access-denied";
			StaticMessageSource messages = new StaticMessageSource();
			messages.addMessage("problemDetail.title." + code, Locale.GERMAN, "Kein Zutritt");
			messages.addMessage("problemDetail." + code, Locale.GERMAN, "So nicht.");
			return messages;
		}

		@Bean
		MessageSource anotherMessageSource() {
			return new StaticMessageSource();
		}

	}

}

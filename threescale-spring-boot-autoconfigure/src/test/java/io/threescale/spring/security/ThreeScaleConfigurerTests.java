package io.threescale.spring.security;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Charges;
import io.threescale.spring.metering.CallDeniedException;
import io.threescale.spring.metering.MeteringException;
import io.threescale.spring.sandbox.SandboxOperation;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.StaticMessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.view.AbstractView;

import static io.threescale.spring.security.ThreeScaleConfigurer.threeScale;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Access rules that know the calling application, and what they cost.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ThreeScaleConfigurerTests {

	private Application application;

	private ThreeScaleSandbox sandbox;

	@BeforeAll
	void start() {
		this.application = start(Api.class);
		this.sandbox = this.application.bean(ThreeScaleSandbox.class);
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	@BeforeEach
	void reset() {
		this.sandbox.reset();
	}

	private static Application start(Class<?> source, String... properties) {
		return Application.start(source, Stream.concat(sandboxed(), Arrays.stream(properties)).toArray(String[]::new));
	}

	private static Stream<String> sandboxed() {
		return Stream.of("threescale.sandbox.enabled=true", "threescale.sandbox.services.1001.metrics[0].name=hits",
				"threescale.sandbox.services.1001.metrics[1].name=tokens",
				"threescale.sandbox.services.1001.plans.basic.limits[0].metric=hits",
				"threescale.sandbox.services.1001.plans.basic.limits[0].period=day",
				"threescale.sandbox.services.1001.plans.basic.limits[0].max=2",
				"threescale.sandbox.services.1001.plans.basic.limits[1].metric=tokens",
				"threescale.sandbox.services.1001.plans.basic.limits[1].period=day",
				"threescale.sandbox.services.1001.plans.basic.limits[1].max=1000",
				"threescale.sandbox.services.1001.applications[0].user-key=key-1",
				"threescale.sandbox.services.1001.applications[0].plan=basic",
				"threescale.rules[0].pattern=/functional/*");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/basic", "/functional/hello" })
	void whenPlanIsAskedForThenOneCallOfTheBackend(String path) {
		assertThat(this.application.get(path).body()).isEqualTo("hello");
		assertBackendWasAsked(1);
		Charges.assertSingle(this.sandbox, Map.of("hits", 1L));
	}

	@Test
	void whenPlanIsNotThatThenForbiddenAndChargedAsAdmitted() {
		HttpResponse<String> answer = this.application.get("/premium");
		assertThat(answer.statusCode()).isEqualTo(403);
		assertThat(answer.body()).doesNotContain("urn:threescale");
		assertBackendWasAsked(1);
		Charges.assertSingle(this.sandbox, Map.of("hits", 1L));
	}

	@ParameterizedTest
	@CsvSource({ "/premium-on-success, 403, false", "/premium-on-refusal, 403, true", "/hello-on-success, 200, true",
			"/failing, 500, false" })
	void whenChargedLaterThenByTheStatusTheCallerGot(String path, int status, boolean charged) {
		assertThat(this.application.get(path).statusCode()).isEqualTo(status);
		this.application.get("/hello-on-success");
		int expected = charged ? 2 : 1;
		Awaitility.await().untilAsserted(() -> assertThat(this.sandbox.transactions()).hasSize(expected));
		assertThat(this.sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(2);
		assertThat(this.sandbox.requests(SandboxOperation.AUTHREP)).isZero();
	}

	@Test
	void whenAsynchronousThenAuthenticatedInAllDispatchesAndChargedOnce() {
		HttpResponse<String> answer = this.application.get("/async/42");
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).startsWith("ThreeScaleAuthentication user-key:").endsWith(" [PLAN_basic]");
		Charges.assertSingle(this.sandbox, Map.of("tokens", 42L));
		assertThat(this.sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(1);
	}

	@Test
	void whenKnownByUserKeyThenNameDoesNotTellIt() {
		HttpResponse<String> answer = this.application.get("/who");
		assertThat(answer.body()).matches("ThreeScaleAuthentication user-key:[0-9a-f]{16} \\[PLAN_basic]");
		assertThat(this.application.get("/who").body()).isEqualTo(answer.body());
	}

	@Test
	void whenAuthenticatedThenWithoutSessionAndCredentials() {
		HttpResponse<String> answer = this.application.get("/details");
		assertThat(answer.body()).startsWith("basic null null user-key:");
		assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
	}

	@Test
	void whenNotMeteredThenAnonymousAndBackendIsNotAsked() {
		assertThat(this.application.get("/free").body()).isEqualTo("null");
		assertThat(this.application.get("/nowhere").statusCode()).isEqualTo(404);
		assertThat(this.application.send("DELETE", "/hello", "user-key", "key-1").statusCode()).isEqualTo(405);
		assertBackendWasAsked(0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/hello", "/premium", "/text" })
	void whenDeniedThenAnswersAsTheInterceptorDoes(String path) {
		try (Application unsecured = start(Unsecured.class)) {
			ThreeScaleSandbox other = unsecured.bean(ThreeScaleSandbox.class);
			assertSameAnswer(unsecured, path, "user-key", "unknown");
			assertSameAnswer(unsecured, path);
			assertThat(this.sandbox.transactions()).isEmpty();
			for (int i = 0; i < 2; i++) {
				this.application.get("/hello");
				unsecured.get("/hello");
			}
			assertSameAnswer(unsecured, path, "user-key", "key-1");
			assertThat(other.transactions()).hasSize(2);
			assertThat(this.sandbox.transactions()).hasSize(2);
		}
	}

	private void assertSameAnswer(Application unsecured, String path, String... headers) {
		HttpResponse<String> answer = this.application.send("GET", path, headers);
		HttpResponse<String> expected = unsecured.send("GET", path, headers);
		assertThat(answer.statusCode()).isEqualTo(expected.statusCode()).isIn(401, 403, 429);
		assertThat(answer.body()).isEqualTo(expected.body()).contains("urn:threescale:problem:");
		assertThat(expected.headers().map().keySet())
			.allSatisfy((name) -> assertThat(answer.headers().allValues(name)).as(name)
				.hasSameSizeAs(expected.headers().allValues(name)));
		assertThat(answer.headers().allValues("WWW-Authenticate"))
			.isEqualTo(expected.headers().allValues("WWW-Authenticate"));
	}

	@Test
	void whenApplicationAnswersWithAViewThenThatIsTheAnswer() {
		try (Application own = start(OwnView.class)) {
			HttpResponse<String> answer = own.send("GET", "/hello", "user-key", "unknown");
			assertThat(answer.statusCode()).isEqualTo(402);
			assertThat(answer.body()).isEqualTo("a view of hello");
		}
	}

	@Test
	void whenApplicationAnswersWithABodyThenThatIsTheAnswerWhateverTheHandlerProduces() {
		try (Application own = start(OwnBody.class)) {
			HttpResponse<String> answer = own.send("GET", "/text", "user-key", "unknown");
			assertThat(answer.statusCode()).isEqualTo(402);
			assertThat(answer.body()).isEqualTo("{\"what\":\"mine\"}");
		}
	}

	@Test
	void whenLocaleIsFixedThenDenialsAreTranslatedIntoIt() {
		try (Application german = start(German.class, "spring.web.locale=de", "spring.web.locale-resolver=fixed")) {
			HttpResponse<String> answer = german.send("GET", "/hello", "user-key", "unknown", "Accept-Language", "en");
			assertThat(answer.body()).contains("Kein Zutritt");
		}
	}

	@Test
	void whenCsrfIsOnThenItComesFirstAndCostsNothing() {
		try (Application own = start(WithCsrf.class)) {
			assertThat(own.send("POST", "/hello", "user-key", "key-1").statusCode()).isEqualTo(403);
			assertThat(own.get("/hello").statusCode()).isEqualTo(200);
			assertThat(own.bean(ThreeScaleSandbox.class).transactions()).hasSize(1);
		}
	}

	@Test
	void whenMeteringIsOffThenRulesStandAlone() {
		try (Application off = Application.start(Api.class, "threescale.enabled=false")) {
			assertThat(off.get("/hello").body()).isEqualTo("hello");
			assertThat(off.get("/premium").statusCode()).isEqualTo(403);
		}
	}

	@Test
	void whenChainDoesNotAskForItThenRulesComeFirstAndCostNothing() {
		try (Application plain = start(WithoutConfigurer.class)) {
			assertThat(plain.get("/premium").statusCode()).isEqualTo(403);
			assertThat(plain.get("/free").body()).isEqualTo("null");
			ThreeScaleSandbox sandbox = plain.bean(ThreeScaleSandbox.class);
			assertThat(sandbox.requests(SandboxOperation.AUTHREP)).isZero();
			assertThat(plain.get("/hello").body()).isEqualTo("hello");
			assertThat(sandbox.requests(SandboxOperation.AUTHREP)).isEqualTo(1);
		}
	}

	private void assertBackendWasAsked(int times) {
		assertThat(this.sandbox.requests(SandboxOperation.AUTHREP)).isEqualTo(times);
		assertThat(this.sandbox.requests(SandboxOperation.AUTHORIZE)).isZero();
		assertThat(this.sandbox.requests(SandboxOperation.REPORT)).isZero();
	}

	private static HttpSecurity rules(HttpSecurity http) {
		return http.authorizeHttpRequests((requests) -> requests.requestMatchers("/basic", "/functional/*")
			.hasAuthority("PLAN_basic")
			.requestMatchers("/premium*")
			.hasAuthority("PLAN_premium")
			.requestMatchers("/async/*", "/who")
			.authenticated()
			.anyRequest()
			.permitAll());
	}

	@Configuration(proxyBeanMethods = false)
	@Import(SecuredApi.class)
	static class Api {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return rules(http).with(threeScale(), Customizer.withDefaults())
				.csrf(AbstractHttpConfigurer::disable)
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(SecuredApi.class)
	static class WithCsrf {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return rules(http).with(threeScale(), Customizer.withDefaults()).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(SecuredApi.class)
	static class WithoutConfigurer {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return rules(http).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(SecuredApi.class)
	static class Unsecured {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class German {

		@Bean
		StaticMessageSource messageSource() {
			StaticMessageSource messages = new StaticMessageSource();
			messages.addMessage("problemDetail.title." + CallDeniedException.class.getName(), Locale.GERMAN,
					"Kein Zutritt");
			return messages;
		}

	}

	@ControllerAdvice
	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class OwnView {

		@ExceptionHandler
		ModelAndView answer(MeteringException ex) {
			return new ModelAndView("refusal", Map.of("what", "hello"), HttpStatus.PAYMENT_REQUIRED);
		}

		@Bean
		View refusal() {
			return new AbstractView() {

				@Override
				protected void renderMergedOutputModel(Map<String, Object> model, HttpServletRequest request,
						HttpServletResponse response) throws IOException {
					response.getWriter().write("a view of " + model.get("what"));
				}

			};
		}

	}

	@RestControllerAdvice
	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class OwnBody {

		@ExceptionHandler
		ResponseEntity<Map<String, String>> answer(MeteringException ex) {
			return ResponseEntity.status(HttpStatus.PAYMENT_REQUIRED).body(Map.of("what", "mine"));
		}

	}

}

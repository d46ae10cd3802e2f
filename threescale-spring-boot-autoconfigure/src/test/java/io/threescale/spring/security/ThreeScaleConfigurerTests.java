package io.threescale.spring.security;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Charges;
import io.threescale.spring.metering.UsageResolver;
import io.threescale.spring.metering.problem.MeteringException;
import io.threescale.spring.sandbox.SandboxOperation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
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
class ThreeScaleConfigurerTests extends AccessRulesTests {

	@Override
	WebApplicationType webStack() {
		return WebApplicationType.SERVLET;
	}

	@Override
	int unauthenticated() {
		return 403;
	}

	@Override
	Class<?> api() {
		return Api.class;
	}

	@Override
	Class<?> withCsrf() {
		return WithCsrf.class;
	}

	@Override
	Class<?> withoutConfigurer() {
		return WithoutConfigurer.class;
	}

	@Override
	Class<?> unsecured() {
		return Unsecured.class;
	}

	@Override
	Class<?> ownAnswer() {
		return OwnBody.class;
	}

	@Override
	Class<?> throwing() {
		return Throwing.class;
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
	void whenAuthenticatedThenWithoutSessionAndCredentials() {
		HttpResponse<String> answer = this.application.get("/details");
		assertThat(answer.body()).startsWith("basic null null user-key:");
		assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
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
	void whenLocaleIsFixedThenDenialsAreTranslatedIntoIt() {
		try (Application german = start(German.class, "spring.web.locale=de", "spring.web.locale-resolver=fixed")) {
			HttpResponse<String> answer = german.send("GET", "/hello", "user-key", "unknown", "Accept-Language", "en");
			assertThat(answer.body()).contains("Kein Zutritt");
		}
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
	@Import(Api.class)
	static class Throwing {

		@Bean
		UsageResolver usages() {
			return throwingOnce();
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
			messages.addMessage("problemDetail.title.threescale.access-denied", Locale.GERMAN, "Kein Zutritt");
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

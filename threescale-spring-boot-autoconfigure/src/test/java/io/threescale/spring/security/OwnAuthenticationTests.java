package io.threescale.spring.security;

import java.io.IOException;

import io.threescale.spring.credentials.CredentialsResolver;
import io.threescale.spring.fixture.Application;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.filter.OncePerRequestFilter;

import static io.threescale.spring.security.ThreeScaleConfigurer.threeScale;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the application does by itself about who calls.
 */
class OwnAuthenticationTests {

	@Test
	void whenTheTypeIsTheApplicationsOwnThenItStays() {
		try (Application application = start()) {
			assertThat(application.get("/who").body()).startsWith("OwnAuthentication own");
		}
	}

	@Test
	void whenAResolverFailsThenTheApplicationAnswers() {
		try (Application application = start()) {
			assertThat(application.send("GET", "/who", "broken", "yes").statusCode()).isEqualTo(400);
		}
	}

	private static Application start() {
		return Application.start(Api.class, "threescale.sandbox.enabled=true",
				"threescale.sandbox.services.1001.metrics[0].name=hits",
				"threescale.sandbox.services.1001.applications[0].user-key=key-1");
	}

	static class OwnAuthentication extends AbstractAuthenticationToken {

		OwnAuthentication() {
			super(AuthorityUtils.NO_AUTHORITIES);
			setAuthenticated(true);
		}

		@Override
		public Object getCredentials() {
			return "";
		}

		@Override
		public Object getPrincipal() {
			return "own";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ SecuredApi.class, Advice.class })
	static class Api {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return http.with(threeScale(), Customizer.withDefaults())
				.addFilterAfter(new OwnFilter(), SecurityContextHolderFilter.class)
				.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.build();
		}

		@Bean
		CredentialsResolver broken() {
			return (request) -> {
				if (request.getHeaders().containsHeader("broken")) {
					throw new IllegalArgumentException("on purpose");
				}
				return null;
			};
		}

	}

	static class OwnFilter extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			SecurityContextHolder.getContext().setAuthentication(new OwnAuthentication());
			chain.doFilter(request, response);
		}

	}

	@RestControllerAdvice
	static class Advice {

		@ExceptionHandler
		@ResponseStatus(HttpStatus.BAD_REQUEST)
		void answer(IllegalArgumentException ex) {
		}

	}

}

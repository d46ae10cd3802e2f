package io.threescale.spring.metering.servlet;

import java.util.Map;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.problem.CallDeniedException;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Handlers that come from no mapping of Spring MVC's own, or are those of a servlet with
 * a context of its own.
 */
@TestInstance(Lifecycle.PER_CLASS)
class FurtherServletTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	private Application application;

	@BeforeAll
	void start() {
		this.application = Application.start(backend, Api.class, "threescale.rules[0].pattern=/own",
				"threescale.rules[1].pattern=/by-rule");
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	@Test
	void whenTheMappingIsTheApplicationsOwnThenMeteredByRules() {
		assertMetered("/own", "hits");
	}

	@Test
	void whenPreflightComesToAMappingOfTheApplicationsOwnThenIsFree() {
		int before = backend.calls().size();
		assertThat(this.application
			.send("OPTIONS", "/own", "Origin", "https://other.example", "Access-Control-Request-Method", "GET")
			.statusCode()).isEqualTo(200);
		assertThat(backend.calls()).hasSize(before);
	}

	@Test
	void whenTheServletIsAnotherThenMetered() {
		assertMetered("/other/search", "search");
		assertMetered("/main", "hits");
	}

	@Test
	void whenTheServletIsAnotherThenItsExceptionHandlerIsAsked() {
		backend.denies("application_not_active");
		assertThat(this.application.get("/other/search").body()).isEqualTo("the other's answer");
		assertThat(this.application.get("/main").statusCode()).isEqualTo(403);
	}

	private void assertMetered(String path, String metric) {
		int before = backend.calls().size();
		assertThat(this.application.send("GET", path).statusCode()).isEqualTo(401);
		assertThat(this.application.get(path).statusCode()).isEqualTo(200);
		assertThat(backend.usages().subList(before, backend.calls().size())).containsExactly(Map.of(metric, "1"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Main.class)
	static class Api {

		@Bean
		HandlerMapping own() {
			HttpRequestHandler handler = (request, response) -> response.getWriter().write("own");
			return new OwnMapping(handler);
		}

		@Bean
		ServletRegistrationBean<DispatcherServlet> otherServlet(ApplicationContext parent) {
			AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
			context.setParent(parent);
			context.register(Other.class, OtherAdvice.class, OtherMvc.class);
			ServletRegistrationBean<DispatcherServlet> servlet = new ServletRegistrationBean<>(
					new DispatcherServlet(context), "/other/*");
			servlet.setName("other");
			return servlet;
		}

	}

	record OwnMapping(HttpRequestHandler handler) implements HandlerMapping, Ordered {

		@Override
		public @Nullable HandlerExecutionChain getHandler(HttpServletRequest request) {
			return "/own".equals(request.getRequestURI()) ? new HandlerExecutionChain(this.handler) : null;
		}

		@Override
		public int getOrder() {
			return 0;
		}

	}

	@RestController
	static class Main {

		@GetMapping("/main")
		@ThreeScaleMetered
		String main() {
			return "main";
		}

	}

	@RestController
	static class Other {

		@GetMapping("/search")
		@ThreeScaleMetered("search")
		String search() {
			return "found";
		}

	}

	@RestControllerAdvice
	static class OtherAdvice {

		@ExceptionHandler
		ResponseEntity<String> answer(CallDeniedException ex) {
			return ResponseEntity.status(402).body("the other's answer");
		}

	}

	@EnableWebMvc
	@Configuration(proxyBeanMethods = false)
	static class OtherMvc {

	}

}

package io.threescale.spring.metering.servlet;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.ThreeScaleMetered;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurationSupport;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No handler is free because of the way it was made known to Spring MVC.
 */
class EveryHandlerTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	@Test
	void whenTheApplicationExtendsTheConfigurationThenMetered() {
		assertMetered(OwnConfiguration.class, "/metered");
	}

	@Test
	void whenThereIsASecondMappingOfControllersThenMetered() {
		assertMetered(SecondMapping.class, "/v2/metered");
	}

	@Test
	void whenTheMappingIsTheApplicationsOwnThenMeteredByRules() {
		assertMetered(OwnMapping.class, "/own");
	}

	@Test
	void whenAnErrorPageIsAsynchronousThenItIsFree() {
		try (Application application = start(AsynchronousErrorPage.class)) {
			assertThat(application.get("/failing").statusCode()).isEqualTo(418);
			assertThat(AsynchronousErrorPage.DONE).succeedsWithin(Duration.ofSeconds(10));
			assertThat(backend.calls()).isEmpty();
		}
	}

	private static void assertMetered(Class<?> type, String path) {
		try (Application application = start(type)) {
			assertThat(application.send("GET", path).statusCode()).isEqualTo(401);
			assertThat(application.get(path).statusCode()).isEqualTo(200);
			assertThat(backend.calls()).hasSize(1);
		}
	}

	private static Application start(Class<?> type) {
		return Application.start(backend, type, "threescale.rules[0].pattern=/own");
	}

	@Configuration
	@EnableAutoConfiguration
	@Import(Metered.class)
	static class OwnConfiguration extends WebMvcConfigurationSupport {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Metered.class)
	static class SecondMapping {

		@Bean
		RequestMappingHandlerMapping second() {
			RequestMappingHandlerMapping mapping = new RequestMappingHandlerMapping();
			mapping.setOrder(-10);
			mapping.setPathPrefixes(Map.of("/v2", (type) -> true));
			return mapping;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class OwnMapping {

		@Bean
		SimpleUrlHandlerMapping own() {
			HttpRequestHandler handler = (request, response) -> response.getWriter().write("own");
			return new SimpleUrlHandlerMapping(Map.of("/own", handler), -5);
		}

	}

	@RestController
	static class Metered {

		@GetMapping("/metered")
		@ThreeScaleMetered
		String metered() {
			return "metered";
		}

	}

	@RestController
	@EnableAutoConfiguration
	static class AsynchronousErrorPage implements ErrorController {

		static final CompletableFuture<Boolean> DONE = new CompletableFuture<>();

		@GetMapping("/failing")
		void failing(HttpServletResponse response) throws Exception {
			response.sendError(418);
		}

		@RequestMapping("/error")
		@ThreeScaleMetered
		DeferredResult<String> error() {
			DeferredResult<String> page = new DeferredResult<>();
			page.onCompletion(() -> DONE.complete(true));
			CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS).execute(() -> page.setResult("error page"));
			return page;
		}

	}

}

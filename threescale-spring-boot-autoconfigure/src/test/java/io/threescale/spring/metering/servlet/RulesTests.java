package io.threescale.spring.metering.servlet;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.ThreeScaleUnmetered;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls nobody annotated are charged by rules.
 */
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class RulesTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	@TempDir
	static Path directory;

	private Application application;

	private String log;

	@BeforeAll
	void start(CapturedOutput output) throws IOException {
		Files.writeString(directory.resolve("report.txt"), "static");
		this.application = Application.start(backend, Api.class,
				"spring.web.resources.static-locations=" + directory.toUri(),
				"logging.level.io.threescale.spring.metering=debug", "threescale.rules[0].pattern=/api/**",
				"threescale.rules[1].method=GET", "threescale.rules[1].pattern=/api/search/{query}",
				"threescale.rules[1].metric=search", "threescale.rules[1].delta=2", "threescale.rules[1].last=true",
				"threescale.rules[2].pattern=/api/search/*", "threescale.rules[2].metric=never",
				"threescale.rules[3].pattern=/function", "threescale.rules[3].metric=function",
				"threescale.rules[4].pattern=/report.txt", "threescale.rules[4].metric=download",
				"threescale.rules[5].pattern=/error", "threescale.rules[6].pattern=/gone/**",
				"threescale.rules[6].metric=gone");
		this.log = output.getAll();
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	@Test
	void rulesAddUpUntilTheLast() {
		assertThat(this.application.get("/api/search/a").body()).isEqualTo("search");
		assertThat(backend.usages()).containsExactly(Map.of("hits", "1", "search", "2"));
	}

	@Test
	void aRuleMayBeForOneMethod() {
		assertThat(this.application.send("POST", "/api/search/a", "user-key", "key-1").body()).isEqualTo("posted");
		assertThat(backend.usages()).containsExactly(Map.of("hits", "1", "never", "1"));
	}

	@Test
	void headIsChargedAsGet() {
		assertThat(this.application.send("HEAD", "/api/search/a", "user-key", "key-1").statusCode()).isEqualTo(200);
		assertThat(backend.usages()).containsExactly(Map.of("hits", "1", "search", "2"));
	}

	@ParameterizedTest
	@CsvSource({ "/api/metered, own", "/api/class/inherited, class" })
	void anAnnotationWins(String path, String metric) {
		assertThat(this.application.get(path).statusCode()).isEqualTo(200);
		assertThat(backend.usages()).containsExactly(Map.of(metric, "1"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/unmetered", "/api/class/unmetered", "/elsewhere" })
	void whatIsUnmeteredOrHasNoRuleIsFree(String path) {
		assertThat(this.application.send("GET", path).statusCode()).isEqualTo(200);
		assertThat(backend.calls()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "/function, function", "/report.txt, download", "//report.txt, download", "/./report.txt, download",
			"/function;v=1, function", "/%66unction, function", "/repor%74.txt;v=1, download" })
	void anyHandlerMayHaveRules(String path, String metric) {
		assertThat(this.application.get(path).statusCode()).isEqualTo(200);
		assertThat(backend.usages()).containsExactly(Map.of(metric, "1"));
	}

	@Test
	void whoeverHasNoKeyIsTurnedAway() {
		assertThat(this.application.send("GET", "/report.txt").statusCode()).isEqualTo(401);
		assertThat(this.application.send("GET", "/function").statusCode()).isEqualTo(401);
	}

	@Test
	void errorPagesArePartOfTheCallThatFailed() {
		assertThat(this.application.send("GET", "/fails").statusCode()).isEqualTo(500);
		assertThat(this.application.send("GET", "/nowhere").statusCode()).isEqualTo(404);
		assertThat(backend.calls()).isEmpty();
	}

	@Test
	void callsThatNoHandlerServesAreCharged() {
		assertThat(this.application.get("/gone/a").statusCode()).isEqualTo(404);
		assertThat(backend.usages()).containsExactly(Map.of("gone", "1"));
	}

	@Test
	void preflightsAreFree() {
		assertThat(this.application
			.send("OPTIONS", "/api/cors", "Origin", "https://example.com", "Access-Control-Request-Method", "GET")
			.statusCode()).isEqualTo(200);
		assertThat(backend.calls()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/search/a", "/api/unmetered", "/report.txt" })
	void optionsThatNoMethodServesAreFree(String path) {
		HttpResponse<String> answer = this.application.send("OPTIONS", path);
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.headers().firstValue("Allow")).isPresent();
		assertThat(backend.calls()).isEmpty();
	}

	@Test
	void optionsThatAMethodServesAreCharged() {
		assertThat(this.application.send("OPTIONS", "/api/options").statusCode()).isEqualTo(401);
		assertThat(this.application.send("OPTIONS", "/api/options", "user-key", "key-1").body()).isEqualTo("options");
		assertThat(backend.usages()).containsExactly(Map.of("hits", "1"));
	}

	@Test
	void theErrorPageIsFreeForWhoeverAsksForIt() {
		assertThat(this.application.send("GET", "/error").body()).contains("\"status\":999");
		assertThat(backend.calls()).isEmpty();
	}

	@Test
	void theContextPathIsNoPartOfThePath() {
		try (Application app = Application.start(backend, Api.class, "server.servlet.context-path=/app",
				"threescale.rules[0].pattern=/elsewhere")) {
			assertThat(app.get("/app/elsewhere").statusCode()).isEqualTo(200);
		}
		assertThat(backend.usages()).containsExactly(Map.of("hits", "1"));
	}

	@Test
	void rulesOfApicastAreFollowed() throws IOException {
		Path file = Files.writeString(directory.resolve("apicast.json"), """
				{"proxy_configs": [
				 {"proxy_config": {"content": {"id": 7, "proxy": {"proxy_rules": []}}}},
				 {"proxy_config": {"content": {"id": 1001, "proxy": {"proxy_rules": [
				  {"http_method": "GET", "pattern": "/", "metric_system_name": "hits", "delta": 1},
				  {"http_method": "GET", "pattern": "/api/search/{q}?size={size}", "metric_system_name": "search",
				   "delta": 3, "querystring_parameters": {"size": "{size}"}}]}}}}]}""");
		try (Application app = Application.start(Api.class, "threescale.sandbox.enabled=true",
				"threescale.sandbox.services.1001.metrics[0].name=hits",
				"threescale.sandbox.services.1001.metrics[1].name=search",
				"threescale.sandbox.services.1001.applications[0].user-key=demo",
				"threescale.apicast-configuration=" + file.toUri())) {
			assertThat(app.send("GET", "/api/search/a?size=1", "user-key", "demo").statusCode()).isEqualTo(200);
			assertThat(app.send("GET", "/elsewhere", "user-key", "demo").statusCode()).isEqualTo(200);
			ThreeScaleSandbox sandbox = app.bean(ThreeScaleSandbox.class);
			assertThat(sandbox.usage("demo", "hits")).isEqualTo(2);
			assertThat(sandbox.usage("demo", "search")).isEqualTo(3);
		}
	}

	@Test
	void theLogTellsTheRulesAndWhatTheyDoNotReach() {
		assertThat(this.log).containsSubsequence("Mapping rule 1: /api/** uses {hits=1}",
				"Mapping rule 2: GET /api/search/{query} uses {search=2}, last",
				"Mapping rule 3: /api/search/* uses {never=1}");
		assertThat(this.log)
			.contains("Plain#metered[0 args] goes by its annotations, not by /api/**",
					"Plain#unmetered[0 args] goes by its annotations, not by /api/**",
					"Annotated#inherited[0 args] goes by its annotations, not by /api/**")
			.doesNotContain("search[1 args] goes by");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Plain.class, Annotated.class })
	static class Api {

		@Bean
		RouterFunction<ServerResponse> function() {
			return RouterFunctions.route().GET("/function", (request) -> ServerResponse.ok().body("function")).build();
		}

	}

	@RestController
	static class Plain {

		@GetMapping("/api/search/{query}")
		String search(@PathVariable String query) {
			return "search";
		}

		@PostMapping("/api/search/{query}")
		String post(@PathVariable String query) {
			return "posted";
		}

		@GetMapping("/api/metered")
		@ThreeScaleMetered("own")
		String metered() {
			return "metered";
		}

		@GetMapping("/api/unmetered")
		@ThreeScaleUnmetered
		String unmetered() {
			return "unmetered";
		}

		@GetMapping("/api/cors")
		@CrossOrigin
		String cors() {
			return "cors";
		}

		@RequestMapping(path = "/api/options", method = RequestMethod.OPTIONS)
		String options() {
			return "options";
		}

		@GetMapping("/elsewhere")
		String elsewhere() {
			return "elsewhere";
		}

		@GetMapping("/fails")
		String fails() {
			throw new IllegalStateException("fails");
		}

	}

	@RestController
	@ThreeScaleMetered("class")
	static class Annotated {

		@GetMapping("/api/class/inherited")
		String inherited() {
			return "inherited";
		}

		@GetMapping("/api/class/unmetered")
		@ThreeScaleUnmetered
		String unmetered() {
			return "unmetered";
		}

	}

}

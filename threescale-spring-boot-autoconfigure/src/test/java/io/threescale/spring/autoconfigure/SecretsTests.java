package io.threescale.spring.autoconfigure;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.http.Fault;
import com.jayway.jsonpath.JsonPath;
import io.micrometer.core.instrument.MeterRegistry;
import io.threescale.spring.Authorization;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.problem.MeteringException;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The keys in use are shown nowhere.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecretsTests {

	private static final String ID = "caller-id-a1b2";

	private static final String KEY = "caller-secret-c3d4";

	@RegisterExtension
	static final Backend backend = new Backend();

	/**
	 * Tomcat's own loggers are left out, as they print requests of callers as they come
	 * in.
	 */
	private static final String[] LOGGING = { "logging.level.root=debug", "logging.level.io.threescale=trace",
			"logging.level.org.springframework.web.reactive.function.client=trace", "logging.level.reactor=debug",
			"logging.level.org.apache=info", "logging.level.wiremock=info", "logging.level.org.eclipse.jetty=info",
			"logging.level.org.wiremock=info", "debug=true" };

	@ParameterizedTest
	@ValueSource(strings = { "service-token", "provider-key" })
	void shouldShowNoSecret(String style, CapturedOutput output) {
		List<String> shown = new ArrayList<>();
		List<String> arguments = new ArrayList<>(List.of(LOGGING));
		arguments.addAll(List.of("threescale.url=" + backend.url(), "threescale.service-id=" + Backend.SERVICE_ID,
				"threescale." + style + "=" + Backend.SERVICE_TOKEN, "threescale.credentials.kind=app-id"));
		try (Application application = Application.start(Api.class, arguments.toArray(String[]::new))) {
			ask(application, shown);
			backend
				.answers(Backend.denied("application_key_invalid", "<reason>application key \"" + KEY + "\"</reason>"));
			ask(application, shown);
			backend.exceeded(0, 1, 1);
			ask(application, shown);
			backend.errs(404, "application_not_found", "application with id=\"" + ID + "\" was not found");
			ask(application, shown);
			backend.errs(403, "service_token_invalid", "service token \"" + Backend.SERVICE_TOKEN + "\" is invalid");
			ask(application, shown);
			backend.answers(WireMock.aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
			ask(application, shown);
			backend.answers(WireMock.aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE));
			ask(application, shown);
			backend.answers(WireMock.aResponse().withStatus(500).withBody(KEY));
			ask(application, shown);
			application.bean(MeterRegistry.class).getMeters().forEach((meter) -> shown.add(meter.getId().toString()));
			shown.addAll(application.bean(Api.Advice.class).stackTraces);
			shown.add(application.bean(ThreeScaleProperties.class).toString());
			shown.add(application.bean(ThreeScaleConnectionDetails.class).toString());
			shown.add(application.bean(ThreeScaleConnectionDetails.class).getServiceCredentials().toString());
		}
		assertThat(backend.calls()).hasSize(8).allSatisfy((call) -> assertThat(call).containsEntry("app_key", KEY));
		assertThat(shown).hasSizeGreaterThan(20)
			.allSatisfy((text) -> assertThat(text).doesNotContain(ID, KEY, Backend.SERVICE_TOKEN));
		assertThat(output.toString()).contains("authrep").contains("DEBUG");
		assertThat(output.toString()
			.lines()
			.filter((line) -> line.contains(ID) || line.contains(KEY) || line.contains(Backend.SERVICE_TOKEN))
			.toList()).isEmpty();
	}

	@Test
	void whenPropertiesAreShownThenWithoutSecrets(CapturedOutput output) {
		try (Application application = Application.start(backend, Api.class,
				"threescale.connection.proxy=http://user:proxy-secret@127.0.0.1:1", "logging.level.io.threescale=trace",
				"threescale.connection.connect-timeout=200ms")) {
			assertThat(application.get("/hello").statusCode()).isEqualTo(503);
			assertThat(application.bean(ThreeScaleProperties.class).toString()
					+ application.bean(ThreeScaleProperties.class).connection()
					+ application.bean(ThreeScaleProperties.class).connection().settings() + output)
				.doesNotContain("proxy-secret", Backend.SERVICE_TOKEN);
		}
	}

	/** They print the query of a request at TRACE, as access logs do. */
	private static final String DISPATCHER = "logging.level.org.springframework.web.servlet.DispatcherServlet=info";

	private static final String WEB_HANDLER = "logging.level.org.springframework.web.server.adapter=info";

	@Test
	void whenEverythingIsOpenThenCanariesAreFoundNowhere(CapturedOutput output, @TempDir Path directory)
			throws Exception {
		Path store = directory.resolve("store.p12");
		new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
				"-alias", "us", "-keyalg", "EC", "-dname", "CN=us", "-storetype", "PKCS12", "-storepass",
				"canary-keystore", "-keystore", store.toString())
			.start()
			.waitFor();
		List<String> shown = new ArrayList<>();
		for (String kind : List.of("user-key", "app-id")) {
			WebApplicationType stack = kind.equals("app-id") ? WebApplicationType.REACTIVE : WebApplicationType.SERVLET;
			try (Application application = Application.start(stack, Api.class, "logging.level.root=trace",
					"logging.level.jdk=info", DISPATCHER, WEB_HANDLER, "logging.level.org.apache=info",
					"logging.level.wiremock=info", "logging.level.org.eclipse.jetty=info",
					"logging.level.org.wiremock=info", "management.endpoints.web.exposure.include=*",
					"management.endpoint.health.show-details=always", "threescale.url=" + backend.url(),
					"threescale.service-id=4711", "threescale.service-token=canary-token",
					"threescale.credentials.kind=" + kind,
					"threescale.credentials.sources=header,query,cookie,basic,bearer",
					"threescale.anonymous.policy=share", "threescale.anonymous." + kind + "=canary-shared",
					"threescale.lint.application." + kind + "=canary-lint",
					"threescale.services.partner.provider-key=canary-provider", "threescale.connection.ssl.bundle=us",
					"spring.ssl.bundle.jks.us.keystore.type=PKCS12",
					"spring.ssl.bundle.jks.us.keystore.location=" + store.toUri(),
					"spring.ssl.bundle.jks.us.keystore.password=canary-keystore")) {
				backend.answers(Backend.granted());
				callWithCanaries(application, shown);
				backend.exceeded(0, -1, 1);
				callWithCanaries(application, shown);
				backend.answers(WireMock.aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
				callWithCanaries(application, shown);
				readEndpoints(application, shown);
			}
		}
		try (Application application = Application.start(backend, Api.class, "logging.level.root=trace",
				"logging.level.jdk=info", DISPATCHER, "logging.level.org.apache=info",
				"management.endpoints.web.exposure.include=*",
				"threescale.connection.proxy=http://canary-user:canary-proxy@127.0.0.1:1",
				"threescale.connection.connect-timeout=200ms")) {
			callWithCanaries(application, shown);
			readEndpoints(application, shown);
		}
		assertThat(shown).hasSizeGreaterThan(30).allSatisfy((text) -> assertThat(text).doesNotContain("canary-"));
		assertThat(output.toString()).contains("TRACE");
		assertThat(output.toString().lines().filter((line) -> line.contains("canary-")).toList()).isEmpty();
	}

	private static void callWithCanaries(Application application, List<String> shown) {
		String basic = Base64.getEncoder()
			.encodeToString("canary-basic:canary-basic-key".getBytes(StandardCharsets.UTF_8));
		List<HttpResponse<String>> answers = List.of(application.send("GET", "/hello", "user-key", "canary-header"),
				application.send("GET", "/hello", "app-id", "canary-id", "app-key", "canary-key"),
				application.send("GET", "/hello?user_key=canary-query&app_id=canary-query-id"),
				application.send("GET", "/hello", "Cookie", "user_key=canary-cookie; app_id=canary-cookie-id"),
				application.send("GET", "/hello", "Authorization", "Basic " + basic),
				application.send("GET", "/hello", "Authorization", "Bearer canary-bearer"),
				application.send("GET", "/hello"));
		answers.forEach((answer) -> shown.add(answer.headers().map() + answer.body()));
	}

	/** A heap dump holds what is in use, and the log is looked at anyway. */
	private static void readEndpoints(Application application, List<String> shown) {
		JsonPath.parse(application.send("GET", "/actuator").body())
			.<List<String>>read("$._links..href")
			.stream()
			.filter((link) -> !link.contains("{") && !link.endsWith("/heapdump") && !link.endsWith("/actuator"))
			.map((link) -> link.replaceFirst("https?://[^/]+", ""))
			.forEach((path) -> shown.add(path + " " + application.send("GET", path).body()));
	}

	@ParameterizedTest
	@CsvSource({ "http://backend.example.com,true", "https://backend.example.com,false", "http://127.0.0.1:1,false",
			"http://localhost:1,false", "http://[::1]:1,false", "http://127.0.0.1.example.com,true" })
	void whenPlainHttpLeavesTheMachineThenWarns(String url, boolean warns, CapturedOutput output) {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ThreeScaleBackendAutoConfiguration.class,
					ThreeScaleClientAutoConfiguration.class))
			.withPropertyValues("threescale.url=" + url, "threescale.service-id=1", "threescale.service-token=token")
			.run((context) -> assertThat(output.toString().contains("unencrypted")).isEqualTo(warns));
	}

	private static void ask(Application application, List<String> shown) {
		HttpResponse<String> answer = application.send("GET", "/hello", "app-id", ID, "app-key", KEY);
		shown.add(answer.statusCode() + " " + answer.headers().map() + answer.body());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Api.Controller.class, Api.Advice.class })
	static class Api {

		@RestController
		static class Controller {

			@GetMapping("/hello")
			@ThreeScaleMetered
			String hello(Authorization authorization) {
				return "hello " + authorization;
			}

		}

		@RestControllerAdvice
		@Order(Ordered.HIGHEST_PRECEDENCE)
		static class Advice {

			final List<String> stackTraces = new ArrayList<>();

			@ExceptionHandler
			ProblemDetail handle(MeteringException ex) {
				this.stackTraces.add(Throwables.getStackTrace(ex));
				return ex.getBody();
			}

		}

	}

}

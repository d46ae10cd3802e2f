package io.threescale.spring.actuate;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.metering.ApplicationNames;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.ThreeScaleUnmetered;
import io.threescale.spring.sandbox.Fault;
import io.threescale.spring.sandbox.SandboxOperation;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.Test;

import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code /actuator/threescale} answers to an operator.
 */
class EndpointTests {

	private static final String[] SANDBOX = { "threescale.sandbox.enabled=true", "threescale.service-token=token-0815",
			"threescale.sandbox.services.1001.metrics=hits,search",
			"threescale.sandbox.services.1001.plans.basic.limits[0].metric=search",
			"threescale.sandbox.services.1001.plans.basic.limits[0].period=eternity",
			"threescale.sandbox.services.1001.plans.basic.limits[0].max=1000",
			"threescale.sandbox.services.1001.applications[0].user-key=key-1",
			"threescale.sandbox.services.1001.applications[0].plan=basic",
			"management.endpoints.web.exposure.include=threescale" };

	private static final String[] PREDICTIVE = { "threescale.mode=predictive", "threescale.failure-policy=last-known",
			"threescale.reporting.flush-interval=1h" };

	@Test
	void shouldTellWhatIsMeteredAndWhereThatIsDeclared(@TempDir Path directory) throws IOException {
		Path apicast = Files.writeString(directory.resolve("apicast.json"), """
				{"services": [{"id": 1001, "proxy": {"proxy_rules": [
				 {"http_method": "GET", "pattern": "/gone", "metric_system_name": "hits", "delta": 1}]}}]}""");
		try (Application application = start("threescale.apicast-configuration=" + apicast.toUri(),
				"threescale.service-id=1001", "threescale.rules[0].pattern=/functional/**",
				"threescale.rules[0].metric=hits", "threescale.rules[0].charge-on=success",
				"threescale.rules[0].last=true")) {
			DocumentContext report = get(application, "");
			assertThat(report.<List<String>>read("$.handlers[*].handler"))
				.anyMatch((name) -> name.endsWith(".search()"))
				.anyMatch((name) -> name.endsWith(".inherited()"))
				.contains("/**");
			assertThat(handler(report, "search()")).containsEntry("usage", Map.of("search", 2))
				.containsEntry("chargeOn", "completion")
				.containsEntry("operation", "Controller.search")
				.containsEntry("calls", List.of("GET /search"))
				.containsEntry("from", List.of("annotation of the method"));
			assertThat(handler(report, "inherited()")).containsEntry("usage", Map.of("hits", 1))
				.containsEntry("from", List.of("annotation of the class"));
			assertThat(report.<List<Map<String, Object>>>read("$.handlers[?(@.handler == '/**')]"))
				.anySatisfy((handler) -> assertThat(handler.get("from")).asString()
					.contains("threescale.rules[0]", "apicast.json"));
			assertThat(report.<List<Map<String, Object>>>read("$.rules")).hasSize(2)
				.anySatisfy((rule) -> assertThat(rule.get("from")).asString().contains("apicast.json"))
				.anySatisfy((rule) -> assertThat(rule).containsEntry("usage", Map.of("hits", 1))
					.containsEntry("chargeOn", "success")
					.containsEntry("last", true));
			assertThat(report.<List<Boolean>>read("$.unmetered[?(@.handler =~ /.*free.*/)].declared"))
				.containsExactly(true);
			assertThat(report.<List<Boolean>>read("$.unmetered[?(@.handler =~ /.*forgotten.*/)].declared"))
				.containsExactly(false);
			assertThat(report.<String>read("$.mode")).isEqualTo("strict");
			assertThat(report.<String>read("$.failurePolicy")).isEqualTo("deny");
		}
	}

	@Test
	void shouldReconcileWhatStandsHereWithWhatThreeScaleShows() {
		try (Application application = start(PREDICTIVE)) {
			ThreeScaleSandbox sandbox = application.bean(ThreeScaleSandbox.class);
			String name = application.bean(ApplicationNames.class).of(ApplicationCredentials.userKey("key-1"));
			for (int i = 0; i < 3; i++) {
				application.get("/search");
			}
			long asked = sandbox.requests(SandboxOperation.AUTHORIZE);
			DocumentContext here = get(application, "/applications/" + name);
			assertThat(here.<Integer>read("$.services.default.limits[0].current")).isEqualTo(6);
			assertThat(here.<Integer>read("$.services.default.pending.search")).isEqualTo(6);
			assertThat(sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(asked);
			application.bean(ThreeScaleClient.class)
				.report(Transaction.of(ApplicationCredentials.userKey("key-1"), Usage.of("search", 1)));
			DocumentContext both = get(application, "/applications/" + name + "?reconcile=true");
			assertThat(both.<String>read("$.services.default.backend")).isEqualTo("granted");
			assertThat(both.<Integer>read("$.services.default.limits[0].current")).isEqualTo(7);
			assertThat(both.<Integer>read("$.services.default.limits[0].shown")).isZero();
			assertThat(both.jsonString()).doesNotContain("key-1", "token-0815");
			assertThat(application.send("GET", "/actuator/threescale/applications/nobody").statusCode()).isEqualTo(404);
			assertThat(
					get(application, "/applications/nobody?reconcile=true").<String>read("$.services.default.backend"))
				.startsWith("failed: ");
			sandbox.fail(Fault.proxy(503));
			assertThat(get(application, "/applications/" + name + "?reconcile=true")
				.<String>read("$.services.default.backend")).startsWith("failed: ").contains("503");
			assertThat(get(application, "").<List<String>>read("$.services.default.failures[*].message")).isNotEmpty();
			sandbox.recover();
		}
	}

	@Test
	void whenToldToThenReportsAndForgetsWithAnAuditEvent() {
		try (Application application = start(PREDICTIVE)) {
			ThreeScaleSandbox sandbox = application.bean(ThreeScaleSandbox.class);
			String name = application.bean(ApplicationNames.class).of(ApplicationCredentials.userKey("key-1"));
			application.get("/search");
			assertThat(get(application, "").<Integer>read("$.services.default.pendingUnits")).isEqualTo(2);
			assertThat(post(application, "/flush")).isEqualTo(200);
			assertThat(sandbox.usage("key-1", "search")).isEqualTo(2);
			DocumentContext flushed = get(application, "/applications/" + name);
			assertThat(flushed.<Map<String, Integer>>read("$.services.default.pending")).isEmpty();
			assertThat(flushed.<Integer>read("$.services.default.unconfirmed.search")).isEqualTo(2);
			assertThat(get(application, "").<Integer>read("$.services.default.pendingUnits")).isZero();
			assertThat(get(application, "").<Integer>read("$.services.default.cachedApplications")).isEqualTo(1);
			long asked = sandbox.requests(SandboxOperation.AUTHORIZE);
			application.get("/search");
			assertThat(sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(asked);
			assertThat(application.send("DELETE", "/actuator/threescale/applications/" + name).statusCode())
				.isEqualTo(204);
			application.get("/search");
			assertThat(sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(asked + 1);
			assertThat(post(application, "/drop")).isEqualTo(400);
			application.bean(ThreeScaleClient.class)
				.report(Transaction.of(ApplicationCredentials.userKey("nobody"), Usage.of("search", 3)));
			post(application, "/flush");
			assertThat(get(application, "").<List<Map<String, Object>>>read("$.deadLetters")).singleElement()
				.satisfies((letter) -> assertThat(letter).containsEntry("usage", Map.of("search", 3))
					.containsEntry("code", "user_key_invalid"));
			assertThat(application.bean(Api.Audit.class).events).extracting(AuditEvent::getType)
				.containsExactly("THREESCALE_USAGE_FLUSHED", "THREESCALE_APPLICATION_FORGOTTEN",
						"THREESCALE_USAGE_FLUSHED");
			assertThat(application.bean(Api.Audit.class).events.get(1).getData()).containsEntry("application", name);
		}
	}

	private static Application start(String... properties) {
		return Application.start(Api.class, StringUtils.concatenateStringArrays(SANDBOX, properties));
	}

	private static DocumentContext get(Application application, String path) {
		return JsonPath.parse(application.send("GET", "/actuator/threescale" + path).body());
	}

	private static int post(Application application, String path) {
		return Application
			.send(HttpRequest
				.newBuilder(URI.create("http://127.0.0.1:" + application.port() + "/actuator/threescale" + path))
				.header("Content-Type", "application/json")
				.POST(BodyPublishers.ofString("{}"))
				.build())
			.statusCode();
	}

	private static Map<String, Object> handler(DocumentContext report, String name) {
		return report.<List<Map<String, Object>>>read("$.handlers")
			.stream()
			.filter((handler) -> handler.get("handler").toString().endsWith("." + name))
			.findFirst()
			.orElseThrow();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Api.Controller.class, Api.Forgotten.class, Api.Audit.class })
	static class Api {

		@Bean
		RouterFunction<ServerResponse> functional() {
			return RouterFunctions.route()
				.GET("/functional/search", (request) -> ServerResponse.ok().body("found"))
				.build();
		}

		@RestController
		@ThreeScaleMetered
		static class Controller {

			@GetMapping("/search")
			@ThreeScaleMetered(metric = "search", delta = 2, chargeOn = "completion")
			String search() {
				return "found";
			}

			@GetMapping("/inherited")
			String inherited() {
				return "found";
			}

			@GetMapping("/free")
			@ThreeScaleUnmetered
			String free() {
				return "free";
			}

		}

		@RestController
		static class Forgotten {

			@GetMapping("/forgotten")
			String forgotten() {
				return "forgotten";
			}

		}

		static class Audit {

			final List<AuditEvent> events = new CopyOnWriteArrayList<>();

			@EventListener
			void on(AuditApplicationEvent event) {
				this.events.add(event.getAuditEvent());
			}

		}

	}

}

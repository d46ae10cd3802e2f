package io.threescale.spring.metering;

import java.net.http.HttpResponse;
import java.util.List;

import com.github.tomakehurst.wiremock.client.WireMock;
import io.micrometer.core.instrument.MeterRegistry;
import io.threescale.spring.Authorization;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of denied calls where denials are not enforced, or limits are soft.
 */
@ExtendWith(OutputCaptureExtension.class)
class EnforcementTests {

	private static final String WOULD_DENY = "ThreeScale-Would-Deny";

	@RegisterExtension
	static final Backend backend = new Backend();

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void whenNothingIsEnforcedThenAllPassAndAreToldWhatTheyWouldBeAnswered(WebApplicationType type,
			CapturedOutput output) {
		try (Application application = Application.start(type, backend, Api.class, "threescale.enforcement=shadow")) {
			assertThat(output).contains("Nothing is enforced");
			assertPasses(application.get("/search"), null, "granted");
			backend.exceeded(0, 17, 10);
			assertPasses(application.get("/search"), "limits-exceeded", "limits_exceeded");
			assertPasses(application.get("/added"), "limits-exceeded", "added");
			backend.denies("application_not_active");
			assertPasses(application.get("/search"), "access-denied", "application_not_active");
			int asked = backend.calls().size();
			assertPasses(application.send("GET", "/search"), "credentials-missing", "granted");
			assertThat(backend.calls()).hasSize(asked);
			backend.errs(403, "service_token_invalid", "service token is invalid");
			assertPasses(application.get("/search"), "metering-unavailable", "granted");
			assertThat(output).contains("Metered calls pass unbilled until the configuration is mended.");
			backend.answers(WireMock.aResponse().withStatus(502));
			assertPasses(application.get("/search"), "metering-unavailable", "granted");
			assertThat(backend.requests()).noneMatch((request) -> request.getMethod().getName().equals("POST"));
			MeterRegistry meters = application.bean(MeterRegistry.class);
			assertThat(meters.get("threescale.calls").tag("outcome", "would-deny").counters())
				.extracting((counter) -> counter.getId().getTag("reason"))
				.contains("limits_exceeded", "application_not_active", "none");
			assertThat(meters.find("threescale.usage").tag("counted", "true").counters())
				.allSatisfy((counter) -> assertThat(counter.count()).isEqualTo(1));
		}
	}

	@Test
	void whenAnAnnotationOrARuleSaysSoThenItsCallsPass() {
		try (Application application = Application.start(backend, Api.class, "threescale.rules[0].pattern=/ruled/**",
				"threescale.rules[0].enforce=false")) {
			backend.exceeded(0, 17, 10);
			assertPasses(application.get("/tried"), "limits-exceeded", "limits_exceeded");
			assertPasses(application.get("/ruled"), "limits-exceeded", "limits_exceeded");
			assertThat(application.get("/search").statusCode()).isEqualTo(429);
		}
	}

	@Test
	void whenALimitIsSoftThenCallsBeyondItPassAndAreBilledByAReport() {
		try (Application application = Application.start(backend, Api.class, "threescale.rules[0].pattern=/ruled/**",
				"threescale.rules[0].soft-limit=true", "threescale.reporting.shutdown-timeout=0s")) {
			backend.exceeded(0, -1, 10);
			assertPasses(application.get("/soft"), null, "limits_exceeded");
			await().until(() -> reports().size() == 1);
			assertThat(reports().get(0)).contains("transactions%5B0%5D%5Busage%5D%5Bhits%5D=2");
			assertPasses(application.get("/ruled"), null, "limits_exceeded");
			await().until(() -> reports().size() == 2);
			assertThat(application.bean(MeterRegistry.class)
				.get("threescale.calls")
				.tag("outcome", "over-limit")
				.counters()).hasSize(2);
			backend.exceeded(0, -1, 0);
			assertThat(application.get("/soft").statusCode()).isEqualTo(403);
			backend.denies("user_key_invalid");
			assertThat(application.get("/soft").statusCode()).isEqualTo(403);
			backend.answers(WireMock.aResponse().withStatus(502));
			assertThat(application.get("/soft").statusCode()).isEqualTo(503);
			assertThat(reports()).hasSize(2);
		}
	}

	@Test
	void whenDecisionsAreMadeInTheProcessThenTheSameHolds() {
		try (Application application = Application.start(Api.class, "threescale.mode=predictive",
				"threescale.sandbox.enabled=true", "threescale.sandbox.services.1001.plans.basic.limits[0].metric=hits",
				"threescale.sandbox.services.1001.plans.basic.limits[0].period=eternity",
				"threescale.sandbox.services.1001.plans.basic.limits[0].max=5",
				"threescale.sandbox.services.1001.applications[0].user-key=key-1",
				"threescale.sandbox.services.1001.applications[0].plan=basic")) {
			for (int i = 0; i < 5; i++) {
				assertPasses(application.get("/tried"), null, "granted");
			}
			assertThat(application.get("/search").statusCode()).isEqualTo(429);
			for (int i = 0; i < 3; i++) {
				assertPasses(application.get("/tried"), "limits-exceeded", "limits_exceeded");
			}
			ThreeScaleSandbox sandbox = application.bean(ThreeScaleSandbox.class);
			assertThat(sandbox.usage("key-1", "hits")).isEqualTo(5);
			for (int i = 0; i < 3; i++) {
				assertPasses(application.get("/soft"), null, "limits_exceeded");
			}
			await().untilAsserted(() -> assertThat(sandbox.usage("key-1", "hits")).isEqualTo(5 + 3 * 2));
		}
	}

	private static List<String> reports() {
		return backend.requests()
			.stream()
			.filter((request) -> request.getMethod().getName().equals("POST"))
			.map((request) -> request.getBodyAsString())
			.toList();
	}

	private static void assertPasses(HttpResponse<String> answer, @Nullable String header, String body) {
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.headers().firstValue(WOULD_DENY).orElse(null)).isEqualTo(header);
		assertThat(answer.body()).isEqualTo(body);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Api.Controller.class, Api.Ruled.class })
	static class Api {

		static String describe(Authorization authorization) {
			return (authorization instanceof Authorization.Denied denied) ? denied.code().value() : "granted";
		}

		@RestController
		@ThreeScaleMetered
		static class Controller {

			@GetMapping("/search")
			String search(Authorization authorization) {
				return describe(authorization);
			}

			@GetMapping("/added")
			String added(MeteredCall call, Authorization.Granted granted) {
				call.add("hits", 2);
				return "added";
			}

			@GetMapping("/tried")
			@ThreeScaleMetered(enforce = false)
			String tried(Authorization authorization) {
				return describe(authorization);
			}

			@GetMapping("/soft")
			@ThreeScaleMetered(softLimit = true, delta = 2)
			String soft(Authorization authorization) {
				return describe(authorization);
			}

		}

		@RestController
		static class Ruled {

			@GetMapping("/ruled")
			String ruled(Authorization authorization) {
				return describe(authorization);
			}

		}

	}

}

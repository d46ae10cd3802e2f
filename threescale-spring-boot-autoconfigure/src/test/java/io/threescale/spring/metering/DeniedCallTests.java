package io.threescale.spring.metering;

import java.net.http.HttpResponse;
import java.time.Instant;

import com.jayway.jsonpath.JsonPath;
import io.threescale.spring.Period;
import io.threescale.spring.fixture.SandboxedApplication;
import io.threescale.spring.sandbox.Fault;
import io.threescale.spring.sandbox.SandboxApplication;
import io.threescale.spring.sandbox.SandboxLimit;
import io.threescale.spring.sandbox.SandboxMetric;
import io.threescale.spring.sandbox.SandboxService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What callers are told of the limits that deny a call, and in which language.
 */
@TestInstance(Lifecycle.PER_CLASS)
class DeniedCallTests {

	private static final Instant TIME = Instant.parse("2026-11-23T03:04:43Z");

	private static final SandboxService SERVICE = SandboxService.userKey("token")
		.withMetrics(SandboxMetric.of("hits", "search"), SandboxMetric.of("storage"), SandboxMetric.of("ever"),
				SandboxMetric.of("off"))
		.withPlan("basic")
		.withApplication(SandboxApplication.userKey("key-1"))
		.withApplication(SandboxApplication.userKey("suspended").suspend());

	@RegisterExtension
	final SandboxedApplication application = SandboxedApplication.at(TIME, SERVICE, webStack(), Api.class,
			"spring.messages.basename=metering/problems", "spring.messages.fallback-to-system-locale=false",
			"spring.web.locale=en");

	WebApplicationType webStack() {
		return WebApplicationType.SERVLET;
	}

	@Test
	void whenAllOfTheLimitIsUsedThenTellsThatMuch() {
		this.application.limit(SandboxLimit.of("hits", Period.DAY, 100));
		for (int call = 0; call < 100; call++) {
			assertThat(this.application.get("/hit").statusCode()).isEqualTo(200);
		}
		HttpResponse<String> denied = this.application.get("/hit");
		assertThat(denied.statusCode()).isEqualTo(429);
		assertThat(JsonPath.<Object>read(denied.body(), "$.limits[*]['metric','period','max','current']"))
			.hasToString("[{\"metric\":\"hits\",\"period\":\"day\",\"max\":100,\"current\":100}]");
		assertThat(JsonPath.<Object>read(denied.body(), "$.violated-policies")).hasToString("[\"hits-day\"]");
	}

	@Test
	void whenACallNeverFitsThen403() {
		this.application.limit(SandboxLimit.of("storage", Period.DAY, 5));
		HttpResponse<String> denied = this.application.get("/store");
		assertThat(denied.statusCode()).isEqualTo(403);
		assertThat(JsonPath.<String>read(denied.body(), "$.type")).isEqualTo("urn:threescale:problem:call-too-large");
		assertThat(JsonPath.<String>read(denied.body(), "$.detail"))
			.isEqualTo("The call uses more than the application's plan ever allows: 5 of 'storage' per day.");
		assertThat(JsonPath.<Object>read(denied.body(), "$.limits[*]['metric','max','current']"))
			.hasToString("[{\"metric\":\"storage\",\"max\":5,\"current\":0}]");
		assertThat(denied.headers().map()).doesNotContainKeys("retry-after", "ratelimit", "ratelimit-policy");
	}

	@Test
	void whenACallFitsExactlyThenItIsGranted() {
		this.application.limit(SandboxLimit.of("storage", Period.DAY, 10));
		assertThat(this.application.get("/store").statusCode()).isEqualTo(200);
		assertThat(this.application.get("/store").statusCode()).isEqualTo(429);
	}

	@Test
	void whenOneOfTheMetricsNeverFitsThen403() {
		this.application.limit(SandboxLimit.of("hits", Period.DAY, 1), SandboxLimit.of("storage", Period.MINUTE, 5));
		this.application.get("/hit");
		HttpResponse<String> denied = this.application.get("/both");
		assertThat(denied.statusCode()).isEqualTo(403);
		assertThat(JsonPath.<Object>read(denied.body(), "$.limits[*].metric")).hasToString("[\"hits\",\"storage\"]");
		assertThat(JsonPath.<String>read(denied.body(), "$.detail")).contains("5 of 'storage' per minute");
	}

	@Test
	void whenSeveralLimitsAreViolatedThenTheLongestBinds() {
		this.application.limit(SandboxLimit.of("hits", Period.MINUTE, 1), SandboxLimit.of("hits", Period.HOUR, 1),
				SandboxLimit.of("hits", Period.DAY, 9));
		this.application.get("/hit");
		HttpResponse<String> denied = this.application.get("/hit");
		assertThat(denied.headers().allValues("Retry-After")).containsExactly("3317");
		assertThat(JsonPath.<Object>read(denied.body(), "$.violated-policies"))
			.hasToString("[\"hits-hour\",\"hits-minute\"]");
	}

	@Test
	void whenOneOfTheLimitsNeverEndsThenNoRetryAfter() {
		this.application.limit(SandboxLimit.of("hits", Period.MINUTE, 1), SandboxLimit.of("hits", Period.ETERNITY, 1));
		this.application.get("/hit");
		HttpResponse<String> denied = this.application.get("/hit");
		assertThat(denied.statusCode()).isEqualTo(429);
		assertThat(denied.headers().firstValue("Retry-After")).isEmpty();
		assertThat(JsonPath.<String>read(denied.body(), "$.detail"))
			.isEqualTo("The call would exceed a limit of the application's plan: 1 of 'hits'.");
	}

	@Test
	void whenOneOfTheMetricsIsSwitchedOffThen403WhateverElseIsExceeded() {
		this.application.limit(SandboxLimit.of("hits", Period.DAY, 1), SandboxLimit.of("storage", Period.MINUTE, 0));
		this.application.get("/hit");
		HttpResponse<String> denied = this.application.get("/both");
		assertThat(denied.statusCode()).isEqualTo(403);
		assertThat(JsonPath.<String>read(denied.body(), "$.type")).isEqualTo("urn:threescale:problem:metric-disabled");
		assertThat(denied.headers().firstValue("Retry-After")).isEmpty();
	}

	@Test
	void aCallUpToTheLargestLimitFits() {
		this.application.limit(SandboxLimit.of("hits", Period.ETERNITY, Long.MAX_VALUE),
				SandboxLimit.of("hits", Period.DAY, 1));
		assertThat(this.application.get("/hit").statusCode()).isEqualTo(200);
		HttpResponse<String> denied = this.application.get("/hit");
		assertThat(JsonPath.<Object>read(denied.body(), "$.violated-policies")).hasToString("[\"hits-day\"]");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					de | /hit    | Zu viele Aufrufe | Nach 1 Zugriffe je Tag ist Schluss; weiter geht es in 75317 Sekunden.
					fr | /hit    | Trop d'appels    | Pas plus de 1 hits par jour ; revenez dans 75317 secondes.
					de | /store  | Zu groß          | Höchstens 5 storage je Minute.
					de | /ever   | Zu viele Aufrufe | Nach 1 ever ist für immer Schluss.
					de | /off    | Nicht enthalten  | The application's plan does not include this call: 0 of 'off' per day.
					en | /hit    | Limits exceeded  | The call would exceed a limit of the application's plan: 1 of 'hits' per day.
					""")
	void everySituationCanBeTranslated(String language, String path, String title, String detail) {
		this.application.limit(SandboxLimit.of("hits", Period.DAY, 1), SandboxLimit.of("storage", Period.MINUTE, 5),
				SandboxLimit.of("ever", Period.ETERNITY, 1), SandboxLimit.of("off", Period.DAY, 0));
		this.application.get(path);
		assertTranslated(send(path, "key-1", language), title, detail);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					de | unknown   | Kein Zutritt        | Diesen Schlüssel gibt es nicht.
					de | suspended | Kein Zutritt        | So nicht.
					fr | unknown   | Access denied       | The credentials are not accepted for this call.
					de |           | Wer da?             | This call needs credentials; see the WWW-Authenticate header for where to put them.
					""")
	void refusalsCanBeTranslated(String language, String key, String title, String detail) {
		assertTranslated(send("/hit", key, language), title, detail);
	}

	@Test
	void anOutageCanBeTranslated() {
		this.application.sandbox().fail(Fault.status(503));
		assertTranslated(send("/hit", "key-1", "de"), "Gestört", "Gleich noch einmal.");
	}

	private static void assertTranslated(HttpResponse<String> answer, String title, String detail) {
		assertThat(JsonPath.<String>read(answer.body(), "$.title")).isEqualTo(title);
		assertThat(JsonPath.<String>read(answer.body(), "$.detail")).isEqualTo(detail);
		assertThat(JsonPath.<String>read(answer.body(), "$.type")).startsWith("urn:threescale:problem:");
	}

	private HttpResponse<String> send(String path, String key, String language) {
		return (key != null) ? this.application.send("GET", path, "user-key", key, "Accept-Language", language)
				: this.application.send("GET", path, "Accept-Language", language);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Api {

	}

	@RestController
	static class Controller {

		@GetMapping("/hit")
		@ThreeScaleMetered
		String hit() {
			return "hit";
		}

		@GetMapping("/store")
		@ThreeScaleMetered(metric = "storage", delta = 10)
		String store() {
			return "stored";
		}

		@GetMapping("/both")
		@ThreeScaleMetered(usage = { "hits=1", "storage=10" })
		String both() {
			return "both";
		}

		@GetMapping("/ever")
		@ThreeScaleMetered("ever")
		String ever() {
			return "ever";
		}

		@GetMapping("/off")
		@ThreeScaleMetered("off")
		String off() {
			return "off";
		}

	}

}

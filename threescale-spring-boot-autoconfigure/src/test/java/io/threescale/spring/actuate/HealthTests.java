package io.threescale.spring.actuate;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.threescale.spring.autoconfigure.ThreeScaleBackendAutoConfiguration;
import io.threescale.spring.autoconfigure.ThreeScaleClientAutoConfiguration;
import io.threescale.spring.autoconfigure.ThreeScaleEndpointAutoConfiguration;
import io.threescale.spring.autoconfigure.ThreeScaleHealthContributorAutoConfiguration;
import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.fixture.SearchController;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the health endpoint says of 3scale, as an operator asks it.
 */
class HealthTests {

	private static final String[] SHOWN = { "management.endpoints.web.exposure.include=health",
			"management.endpoint.health.show-details=always", "management.endpoint.health.probes.enabled=true" };

	@RegisterExtension
	static final Backend backend = new Backend();

	@Test
	void whenThreeScaleIsAwayThenIsDownUntilItAnswersAndAsksNothingItself() {
		try (Application application = start()) {
			assertThat(health(application).<String>read("$.details.services.default.lastGoodAnswer"))
				.isEqualTo("none yet");
			application.get("/search");
			assertThat(health(application).<String>read("$.status")).isEqualTo("UP");
			backend.answers(WireMock.aResponse().withStatus(502));
			application.get("/search");
			application.get("/search");
			assertThat(health(application).<String>read("$.status")).isEqualTo("UP");
			application.get("/search");
			assertThat(application.send("GET", "/actuator/health").statusCode()).isEqualTo(503);
			DocumentContext down = health(application);
			assertThat(down.<String>read("$.status")).isEqualTo("DOWN");
			assertThat(down.<String>read("$.details.circuit")).isEqualTo("closed");
			assertThat(down.<String>read("$.details.services.default.outage.calls")).isEqualTo("are refused");
			assertThat(down.jsonString()).doesNotContain("key-1", Backend.SERVICE_TOKEN);
			assertThat(application.send("GET", "/actuator/health/readiness").statusCode()).isEqualTo(200);
			assertThat(application.send("GET", "/actuator/health/liveness").statusCode()).isEqualTo(200);
			backend.answers(Backend.granted());
			application.get("/search");
			assertThat(health(application).<String>read("$.status")).isEqualTo("UP");
			assertThat(backend.calls()).hasSize(5);
		}
	}

	@Test
	void whenThreeScaleRefusesToServeUsThenIsDownWhateverThePolicy() {
		backend.errs(403, "service_token_invalid", "service token \"" + Backend.SERVICE_TOKEN + "\" is invalid");
		try (Application application = start("threescale.failure-policy=allow")) {
			for (int i = 0; i < 3; i++) {
				application.get("/search");
			}
			DocumentContext health = health(application);
			assertThat(health.<String>read("$.status")).isEqualTo("DOWN");
			assertThat(health.<String>read("$.details.services.default.outage.lastFailure"))
				.contains("service_token_invalid");
			assertThat(health.jsonString()).doesNotContain(Backend.SERVICE_TOKEN);
		}
	}

	@Test
	void whenNothingIsEnforcedThenIsUpWithADetail() {
		backend.errs(403, "service_token_invalid", "service token is invalid");
		try (Application application = start("threescale.enforcement=shadow")) {
			for (int i = 0; i < 3; i++) {
				assertThat(application.get("/search").statusCode()).isEqualTo(200);
			}
			DocumentContext health = health(application);
			assertThat(health.<String>read("$.status")).isEqualTo("UP");
			assertThat(health.<String>read("$.details.services.default.outage.calls"))
				.isEqualTo("go on, by enforcement shadow");
		}
	}

	@Test
	void whenLastKnownBridgesAnOutageThenIsUpWithADetail() {
		try (Application application = start("threescale.mode=predictive", "threescale.failure-policy=last-known",
				"threescale.reporting.flush-interval=1h", "threescale.prediction.time-to-live=50ms",
				"threescale.reporting.shutdown-timeout=0s")) {
			application.get("/search");
			backend.answers(WireMock.aResponse().withStatus(502));
			Awaitility.await().until(() -> {
				assertThat(application.get("/search").statusCode()).isEqualTo(200);
				return health(application).jsonString().contains("outage");
			});
			DocumentContext health = health(application);
			assertThat(health.<String>read("$.status")).isEqualTo("UP");
			assertThat(health.<String>read("$.details.mode")).isEqualTo("predictive");
			assertThat(health.<String>read("$.details.services.default.outage.calls"))
				.isEqualTo("go on, by failure policy last-known");
			assertThat(health.<Integer>read("$.details.services.default.pendingUnits")).isPositive();
			assertThat(health.<String>read("$.details.services.default.pendingFor")).startsWith("PT");
			assertThat(health.<String>read("$.details.services.default.spool")).isEqualTo("none");
		}
	}

	@Test
	void shouldGoByTheLibraryAndTheProperty() {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ThreeScaleBackendAutoConfiguration.class,
					ThreeScaleClientAutoConfiguration.class, ThreeScaleEndpointAutoConfiguration.class,
					ThreeScaleHealthContributorAutoConfiguration.class))
			.withPropertyValues(backend.properties());
		runner.run((context) -> assertThat(context).hasSingleBean(HealthIndicator.class));
		runner.withPropertyValues("management.health.threescale.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
		runner
			.withClassLoader(
					new FilteredClassLoader("org.springframework.boot.health", "org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(ThreeScaleClient.class));
	}

	private static Application start(String... properties) {
		return Application.start(backend, Api.class, StringUtils.concatenateStringArrays(SHOWN, properties));
	}

	private static DocumentContext health(Application application) {
		return JsonPath.parse(JsonPath.parse(application.send("GET", "/actuator/health").body())
			.<Object>read("$.components.threeScale"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(SearchController.class)
	static class Api {

	}

}

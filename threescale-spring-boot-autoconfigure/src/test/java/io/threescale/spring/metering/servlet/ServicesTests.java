package io.threescale.spring.metering.servlet;

import java.util.List;

import io.micrometer.core.instrument.MeterRegistry;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Meters;
import io.threescale.spring.metering.InvalidMeteringException;
import io.threescale.spring.metering.ServiceResolver;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.sandbox.CountedTransaction;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Several services in one application, each with callers and counters of its own.
 */
class ServicesTests {

	private static final String SERVICES = "threescale.sandbox.services.";

	private static final String[] PROPERTIES = { "threescale.sandbox.enabled=true", "threescale.service-id=1001",
			"threescale.services.partner.service-id=2002", "threescale.services.partner.credentials.sources=header",
			"threescale.services.partner.credentials.kind=app-id", SERVICES + "1001.metrics[0].name=hits",
			SERVICES + "1001.applications[0].user-key=key-1", SERVICES + "2002.mode=app-id",
			SERVICES + "2002.metrics[0].name=hits", SERVICES + "2002.applications[0].app-id=partner-1" };

	@ParameterizedTest
	@ValueSource(strings = { "strict", "predictive" })
	void whenAnnotationOrResolverNamesAServiceThenItsCallersAndCounters(String mode) {
		try (Application application = Application.start(Api.class,
				with("threescale.mode=" + mode, "threescale.reporting.flush-interval=50ms"))) {
			assertThat(application.get("/standard").statusCode()).isEqualTo(200);
			assertThat(application.get("/annotated").statusCode()).isEqualTo(401);
			assertThat(application.send("GET", "/annotated", "app-id", "partner-1").statusCode()).isEqualTo(200);
			assertThat(application.send("GET", "/standard", "app-id", "partner-1", "X-Tenant", "partner").statusCode())
				.isEqualTo(200);
			assertThat(application.send("GET", "/standard", "user-key", "key-1", "X-Tenant", "default").statusCode())
				.isEqualTo(200);
			assertThat(application.send("GET", "/default", "user-key", "key-1", "X-Tenant", "partner").statusCode())
				.isEqualTo(200);
			assertThat(application.send("GET", "/standard", "user-key", "key-1", "X-Tenant", "typo").statusCode())
				.isEqualTo(503);
			ThreeScaleSandbox sandbox = application.bean(ThreeScaleSandbox.class);
			Awaitility.await().untilAsserted(() -> {
				assertThat(hits(sandbox, "1001")).isEqualTo(3);
				assertThat(hits(sandbox, "2002")).isEqualTo(2);
			});
			MeterRegistry meters = application.bean(MeterRegistry.class);
			assertThat(meters.get("threescale.calls").tags("service", "2002", "outcome", "granted").counters())
				.isNotEmpty();
			if (mode.equals("predictive")) {
				assertThat(meters.get("threescale.reporting.units")
					.tags("service", "2002", "outcome", "delivered")
					.functionCounter()
					.count()).isEqualTo(2);
			}
		}
	}

	@Test
	void whenServiceIsUnknownThenDoesNotStart() {
		assertThatThrownBy(() -> Application.start(Unknown.class, PROPERTIES))
			.isInstanceOf(InvalidMeteringException.class)
			.hasMessageContaining("no service 'typo' under 'threescale.services', which has [partner]");
	}

	@Test
	void whenTokenIsMissingThenDoesNotStartAndNamesIt() {
		assertThatThrownBy(() -> Application.start(Api.class, "threescale.service-id=1", "threescale.service-token=t",
				"threescale.services.partner.service-id=2"))
			.hasMessageContaining("threescale.services.partner.service-token");
	}

	private static long hits(ThreeScaleSandbox sandbox, String service) {
		List<CountedTransaction> transactions = sandbox.transactions();
		return transactions.stream()
			.filter((transaction) -> transaction.service().equals(service))
			.mapToLong((transaction) -> transaction.usage().getOrDefault("hits", 0L))
			.sum();
	}

	private static String[] with(String... properties) {
		return StringUtils.concatenateStringArrays(PROPERTIES, properties);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Controller.class, Meters.class })
	static class Api {

		@Bean
		ServiceResolver byTenant() {
			return (request) -> request.getHeaders().getFirst("X-Tenant");
		}

	}

	@RestController
	static class Controller {

		@GetMapping("/standard")
		@ThreeScaleMetered
		String standard() {
			return "";
		}

		@GetMapping("/default")
		@ThreeScaleMetered(service = "default")
		String named() {
			return "";
		}

		@GetMapping("/annotated")
		@ThreeScaleMetered(service = "partner")
		String annotated() {
			return "";
		}

	}

	@RestController
	@EnableAutoConfiguration
	static class Unknown {

		@GetMapping("/")
		@ThreeScaleMetered(service = "typo")
		String method() {
			return "";
		}

	}

}

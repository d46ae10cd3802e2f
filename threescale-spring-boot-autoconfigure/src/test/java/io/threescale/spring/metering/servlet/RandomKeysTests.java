package io.threescale.spring.metering.servlet;

import io.micrometer.core.instrument.MeterRegistry;
import io.threescale.spring.fixture.Meters;
import io.threescale.spring.fixture.SandboxedApplication;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.sandbox.Fault;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An outage in which calls may pass, and somebody calls with random keys: three for each
 * counter there may be. 28,000 keys would be a quarter of one for each counter of the
 * default.
 */
class RandomKeysTests {

	private static final int MAX_COUNTERS = 100;

	private static final int RANDOM_KEYS = 3 * MAX_COUNTERS;

	private static final int CALLS = 40;

	@RegisterExtension
	static final SandboxedApplication application = new SandboxedApplication(WebApplicationType.SERVLET, Api.class,
			"threescale.mode=predictive", "threescale.failure-policy=allow", "threescale.circuit-breaker.enabled=false",
			"threescale.reporting.max-counters=" + MAX_COUNTERS, "threescale.reporting.flush-interval=200ms",
			"threescale.prediction.time-to-live=10s")
		.metrics("hits");

	@Test
	void theUsageOfKnownCallersIsSafe() {
		call("key-1");
		application.sandbox().fail(Fault.proxy(503));
		for (int i = 0; i < RANDOM_KEYS; i++) {
			call("random-" + i);
			if (i % (RANDOM_KEYS / CALLS) == 0 && i / (RANDOM_KEYS / CALLS) < CALLS) {
				call("key-1");
			}
		}
		assertThat(gauge("threescale.reporting.pending.counters")).isBetween(MAX_COUNTERS / 10.0, MAX_COUNTERS / 5.0);
		application.sandbox().recover();
		Awaitility.await().until(() -> gauge("threescale.reporting.pending.counters") == 0);
		assertThat(application.sandbox().usage("key-1", "hits")).isEqualTo(1 + CALLS);
		assertThat(count("threescale.reporting.dead.letters", "rejected")).isEqualTo(MAX_COUNTERS / 10.0);
		assertThat(count("threescale.reporting.units", "lost")).isZero();
	}

	private void call(String key) {
		assertThat(application.send("GET", "/", "user-key", key).statusCode()).isEqualTo(200);
	}

	private double gauge(String name) {
		return application.bean(MeterRegistry.class).get(name).gauge().value();
	}

	private double count(String name, String outcome) {
		return application.bean(MeterRegistry.class).get(name).tag("outcome", outcome).functionCounter().count();
	}

	@RestController
	@EnableAutoConfiguration
	@Import(Meters.class)
	static class Api {

		@GetMapping("/")
		@ThreeScaleMetered
		String method() {
			return "";
		}

	}

}

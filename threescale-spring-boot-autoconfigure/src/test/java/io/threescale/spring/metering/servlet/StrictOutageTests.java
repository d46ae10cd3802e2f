package io.threescale.spring.metering.servlet;

import java.util.stream.IntStream;

import io.micrometer.core.instrument.MeterRegistry;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Meters;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.sandbox.Fault;
import io.threescale.spring.sandbox.SandboxOperation;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Strict mode: what is charged when calls are done, while a proxy answers in the place of
 * 3scale.
 */
class StrictOutageTests {

	private static final int CALLS = 22;

	private Application application;

	private ThreeScaleSandbox sandbox;

	@BeforeEach
	void start() {
		this.application = Application.start(Api.class, "threescale.sandbox.enabled=true",
				"threescale.sandbox.services.1001.metrics[0].name=hits",
				"threescale.sandbox.services.1001.metrics[1].name=tokens",
				"threescale.sandbox.services.1001.applications[0].user-key=key-1",
				"threescale.circuit-breaker.enabled=false", "threescale.failure-policy=allow");
		this.sandbox = this.application.bean(ThreeScaleSandbox.class);
	}

	@AfterEach
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 500, 502, 503, 504 })
	void whenAProxyAnswersThenOneReportIsAtRiskAndTheRestIsReportedLater(int status) {
		call(1);
		awaitReported(1);
		this.sandbox.fail(Fault.proxy(status));
		call(CALLS);
		Awaitility.await().until(() -> this.sandbox.requests(SandboxOperation.REPORT) == 2);
		this.sandbox.recover();
		awaitReported(1 + CALLS);
		assertThat(this.sandbox.transactions().stream().mapToLong((counted) -> counted.usage().get("tokens")).sum())
			.isEqualTo((long) units("delivered"));
		assertThat(units("ambiguous")).isBetween((status == 503) ? 0.0 : 1.0, (status == 503) ? 0.0 : CALLS - 1.0);
		assertThat(units("lost")).isZero();
	}

	@Test
	void whenTheApplicationStopsThenWhatWaitsIsReported() {
		this.sandbox.fail(Fault.proxy(429), SandboxOperation.REPORT);
		call(CALLS);
		this.sandbox.recover();
		this.application.close();
		assertThat(this.sandbox.usage("key-1", "tokens")).isEqualTo(CALLS);
	}

	private void call(int times) {
		IntStream.range(0, times).forEach((call) -> assertThat(this.application.get("/").statusCode()).isEqualTo(200));
	}

	/** What may have been counted is not reported again, so nothing else is left. */
	private void awaitReported(double units) {
		Awaitility.await().until(() -> units("delivered") + units("ambiguous") == units);
	}

	private double units(String outcome) {
		return this.application.bean(MeterRegistry.class)
			.get("threescale.reporting.units")
			.tag("outcome", outcome)
			.functionCounter()
			.count();
	}

	@RestController
	@EnableAutoConfiguration
	@Import(Meters.class)
	static class Api {

		@GetMapping("/")
		@ThreeScaleMetered(metric = "tokens", chargeOn = "success")
		String method(MeteredCall call) {
			return "";
		}

	}

}

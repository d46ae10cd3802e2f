package io.threescale.spring.metering.servlet;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

import io.threescale.spring.sandbox.Fault;
import io.threescale.spring.sandbox.SandboxOperation;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same, with decisions in the process and usage in batches.
 */
class PredictiveSettlementTests extends SettlementTests {

	@Override
	String[] properties() {
		return Stream
			.concat(Arrays.stream(super.properties()), Stream.of("threescale.mode=predictive",
					"threescale.reporting.flush-interval=50ms", "threescale.reporting.on-ambiguous=retry"))
			.toArray(String[]::new);
	}

	@Test
	@Override
	void whenReportFailsThenCallerDoesNotNoticeAndItIsCounted() {
		this.sandbox.failNext(1, Fault.status(503), SandboxOperation.REPORT);
		assertThat(this.application.get("/added").statusCode()).isEqualTo(200);
		assertCharged(Map.of("tokens", 42L));
	}

}

package io.threescale.spring.metering.servlet;

import java.util.Map;

import io.threescale.spring.fixture.Charges;
import io.threescale.spring.sandbox.Fault;
import io.threescale.spring.sandbox.SandboxOperation;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same, with decisions in the process and usage in batches.
 */
class PredictiveSettlementTests extends SettlementTests {

	@Override
	String[] mode() {
		return new String[] { "threescale.mode=predictive", "threescale.reporting.flush-interval=50ms",
				"threescale.reporting.on-ambiguous=retry" };
	}

	@Test
	@Override
	void whenReportFailsThenCallerDoesNotNoticeAndItIsCounted() {
		this.application.sandbox().failNext(1, Fault.status(503), SandboxOperation.REPORT);
		assertThat(this.application.get("/added").statusCode()).isEqualTo(200);
		Charges.assertSum(this.application.sandbox(), Map.of("tokens", 42L));
	}

}

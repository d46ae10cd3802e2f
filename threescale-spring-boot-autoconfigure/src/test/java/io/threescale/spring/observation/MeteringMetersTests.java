package io.threescale.spring.observation;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.Usage;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteringDecision;
import io.threescale.spring.metering.MeteringOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The number of meters is bounded, whatever an application takes from its callers.
 */
@ExtendWith(OutputCaptureExtension.class)
class MeteringMetersTests {

	@Test
	void furtherOperationsMetricsAndCodesAreCountedAsOther(CapturedOutput output) {
		MeterRegistry registry = new SimpleMeterRegistry();
		MeteringMeters meters = new MeteringMeters(registry);
		for (int i = 0; i < 3000; i++) {
			MeteredOperation operation = MeteredOperation.of("operation " + i, Usage.HIT);
			meters.decided(new MeteringDecision(operation, "4711", null, MeteringOutcome.DENIED,
					new Denied(new ErrorCode("code_" + i), null, ApplicationStatus.UNKNOWN), null));
			meters.used("4711", Usage.of("metric " + i, 2), true);
		}
		assertThat(registry.getMeters()).hasSize(2002);
		assertThat(registry.get("threescale.calls").tag("operation", "other").counter().count()).isEqualTo(2000);
		assertThat(registry.get("threescale.usage").tag("metric", "other").counter().count()).isEqualTo(4000);
		assertThat(output.getAll().split("further ones are counted as 'other'", -1)).hasSize(3);
	}

}

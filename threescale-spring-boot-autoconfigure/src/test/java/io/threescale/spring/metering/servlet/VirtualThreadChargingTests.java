package io.threescale.spring.metering.servlet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same on virtual threads.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadChargingTests extends ChargingTests {

	@Override
	String[] properties() {
		return new String[] { "spring.threads.virtual.enabled=true" };
	}

	@Test
	void shouldRunOnVirtualThreads() {
		assertThat(application().get("/plain").body()).contains("VirtualThread");
	}

}

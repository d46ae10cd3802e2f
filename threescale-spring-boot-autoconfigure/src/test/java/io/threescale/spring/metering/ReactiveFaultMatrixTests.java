package io.threescale.spring.metering;

import org.springframework.boot.WebApplicationType;

/**
 * The same on WebFlux.
 */
class ReactiveFaultMatrixTests extends FaultMatrixTests {

	@Override
	WebApplicationType webStack() {
		return WebApplicationType.REACTIVE;
	}

}

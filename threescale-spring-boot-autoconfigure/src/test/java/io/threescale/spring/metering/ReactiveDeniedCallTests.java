package io.threescale.spring.metering;

import org.springframework.boot.WebApplicationType;

/**
 * The same on WebFlux.
 */
class ReactiveDeniedCallTests extends DeniedCallTests {

	@Override
	WebApplicationType webStack() {
		return WebApplicationType.REACTIVE;
	}

}

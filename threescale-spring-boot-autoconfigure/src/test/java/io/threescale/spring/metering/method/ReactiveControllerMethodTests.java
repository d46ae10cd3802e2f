package io.threescale.spring.metering.method;

import org.springframework.boot.WebApplicationType;

/**
 * The same on WebFlux.
 */
class ReactiveControllerMethodTests extends ControllerMethodTests {

	@Override
	WebApplicationType webStack() {
		return WebApplicationType.REACTIVE;
	}

}

package io.threescale.spring.metering;

import org.springframework.boot.WebApplicationType;

/**
 * The same on WebFlux, whose server goes on serving connections that it has just
 * accepted.
 */
class ReactiveGracefulShutdownTests extends GracefulShutdownTests {

	@Override
	WebApplicationType webStack() {
		return WebApplicationType.REACTIVE;
	}

}

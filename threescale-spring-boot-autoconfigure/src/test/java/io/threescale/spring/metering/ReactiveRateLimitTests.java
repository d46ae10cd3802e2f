package io.threescale.spring.metering;

import org.springframework.boot.WebApplicationType;

/**
 * The same on WebFlux.
 */
class ReactiveRateLimitTests extends RateLimitTests {

	@Override
	WebApplicationType webStack() {
		return WebApplicationType.REACTIVE;
	}

}

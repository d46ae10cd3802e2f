package io.threescale.spring.metering;

import org.springframework.boot.WebApplicationType;

/**
 * The same on WebFlux.
 */
class ReactiveAnswerTests extends AnswerTests {

	@Override
	WebApplicationType webStack() {
		return WebApplicationType.REACTIVE;
	}

}

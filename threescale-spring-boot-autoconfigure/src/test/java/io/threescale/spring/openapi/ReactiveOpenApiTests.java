package io.threescale.spring.openapi;

import org.junit.jupiter.api.Tag;

import org.springframework.boot.WebApplicationType;

/**
 * The same on WebFlux.
 */
@Tag("openapi")
class ReactiveOpenApiTests extends OpenApiTests {

	@Override
	WebApplicationType webStack() {
		return WebApplicationType.REACTIVE;
	}

}

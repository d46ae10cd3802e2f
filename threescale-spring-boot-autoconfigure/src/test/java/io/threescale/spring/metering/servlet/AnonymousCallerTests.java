package io.threescale.spring.metering.servlet;

import io.threescale.spring.Authorization;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.ThreeScaleMetered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What becomes of callers without credentials.
 */
class AnonymousCallerTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	@Test
	void whenTheyPassThenTheyAreNotMeteredAndOthersAre() {
		try (Application application = start("threescale.anonymous.policy=pass")) {
			assertThat(application.send("GET", "/plan").body()).isEqualTo("none");
			assertThat(backend.calls()).isEmpty();
			assertThat(application.get("/plan").body()).isEqualTo("Basic");
		}
	}

	@Test
	void whenTheyShareAnApplicationThenItIsMeteredAndOthersAreThemselves() {
		try (Application application = start("threescale.anonymous.policy=share",
				"threescale.anonymous.user-key=all")) {
			assertThat(application.send("GET", "/plan").body()).isEqualTo("Basic");
			application.get("/plan");
			assertThat(backend.calls()).extracting((call) -> call.get("user_key")).containsExactly("all", "key-1");
		}
	}

	@Test
	void whenTheSharedApplicationIsNotNamedThenDoesNotStart() {
		assertThatThrownBy(() -> start("threescale.anonymous.policy=share")).rootCause()
			.hasMessageContaining("threescale.anonymous.policy");
	}

	private static Application start(String... properties) {
		return Application.start(backend, Api.class, properties);
	}

	@RestController
	@EnableAutoConfiguration
	static class Api {

		@GetMapping("/plan")
		@ThreeScaleMetered
		String plan(Authorization authorization) {
			String plan = authorization.plan();
			return (plan != null) ? plan : "none";
		}

	}

}

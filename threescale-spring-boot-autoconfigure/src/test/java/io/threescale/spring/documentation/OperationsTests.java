package io.threescale.spring.documentation;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.metering.ThreeScaleMetered;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the commands for operators.
 */
class OperationsTests {

	@Test
	void shouldBeAnswered() {
		try (Application application = Application.start(Host.class, "threescale.sandbox.enabled=true",
				"threescale.sandbox.services.1001.mode=app-id",
				"threescale.sandbox.services.1001.applications[0].app-id=8f9a3f", "threescale.credentials.kind=app-id",
				"threescale.mode=predictive", "management.endpoints.web.exposure.include=health,threescale")) {
			assertThat(application.send("GET", "/hello", "app-id", "8f9a3f").statusCode()).isEqualTo(200);
			assertThat(Page.named("operations.md").blocks()).filteredOn((block) -> block.language().equals("shell"))
				.flatExtracting((block) -> block.text().lines().toList())
				.isNotEmpty()
				.allSatisfy((line) -> assertThat(new Curl(line).call(application).statusCode()).isBetween(200, 204));
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Hello.class)
	static class Host {

	}

	@RestController
	static class Hello {

		@GetMapping("/hello")
		@ThreeScaleMetered
		String hello() {
			return "Hello";
		}

	}

}

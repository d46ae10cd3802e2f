package io.threescale.spring.metering.reactive;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Jackson XML reads the answers of 3scale, and is no business of WebFlux.
 */
class ReactiveXmlTests {

	private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

	@RegisterExtension
	static final Backend backend = new Backend();

	/**
	 * Left alone, Spring would take a browser for one that wants XML, and fail to write
	 * it.
	 */
	@ParameterizedTest
	@CsvSource({ "true, 200", "false, 500" })
	void whenBrowserAsksThenXmlIsNoOption(boolean withheld, int status) {
		try (Application application = Application.start(WebApplicationType.REACTIVE, backend, Api.class,
				"threescale.withhold-jackson-xml=" + withheld)) {
			assertThat(application.send("GET", "/item", "Accept", BROWSER).statusCode()).isEqualTo(status);
		}
	}

	@RestController
	@EnableAutoConfiguration
	static class Api {

		@GetMapping("/item")
		Item item() {
			return new Item("a");
		}

	}

	record Item(String name) {
	}

}

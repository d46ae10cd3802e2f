package io.threescale.spring.test;

import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static io.threescale.spring.test.ThreeScaleAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * MockMvc without filters, as tests have it that are not about Spring Security.
 */
@SpringBootTest(classes = WithoutFiltersTests.Api.class)
@AutoConfigureMockMvc(addFilters = false)
@ThreeScaleTest(applications = @ThreeScaleTest.Application(userKey = "app-1"))
class WithoutFiltersTests {

	@Test
	void shouldSettleToo(@Autowired MockMvcTester mvc, @Autowired ThreeScaleSandbox threeScale) {
		assertThat(mvc.get().uri("/rows").header("user-key", "app-1")).hasStatusOk();
		assertThat(threeScale).reported("app-1", "hits", 7);
	}

	@RestController
	@EnableAutoConfiguration
	static class Api {

		@GetMapping("/rows")
		@ThreeScaleMetered
		String rows(MeteredCall call) {
			call.add("hits", 7);
			return "";
		}

	}

}

package io.threescale.spring.test;

import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static io.threescale.spring.test.ThreeScaleAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link ThreeScaleTest} with a slice.
 */
@WebMvcTest
@ContextConfiguration(classes = SearchApplication.class)
@ThreeScaleTest(applications = @ThreeScaleTest.Application(userKey = "app-1"))
class WebMvcSliceTests {

	@Test
	void shouldMeterAsTheApplicationDoes(@Autowired MockMvcTester mvc, @Autowired ThreeScaleSandbox threeScale) {
		assertThat(mvc.get().uri("/plan").header("user-key", "app-1")).hasStatusOk().hasBodyTextEqualTo("test");
		assertThat(threeScale).reported("app-1", "hits", 1);
		assertThat(mvc.get().uri("/plan")).hasStatus(HttpStatus.UNAUTHORIZED)
			.hasContentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON);
	}

}

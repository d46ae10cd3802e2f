package io.threescale.spring.test;

import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.NestedTestConfiguration;
import org.springframework.test.context.NestedTestConfiguration.EnclosingConfiguration;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that do not care for metering.
 */
@NestedTestConfiguration(EnclosingConfiguration.OVERRIDE)
class UnmeteredTests {

	private static void everythingPassesAndNothingIsStarted(MockMvcTester mvc, ApplicationContext context) {
		assertThat(mvc.get().uri("/search")).hasStatusOk().hasBodyTextEqualTo("found");
		assertThat(mvc.get().uri("/plan")).hasStatusOk().hasBodyTextEqualTo("null");
		assertThat(context.getBeansOfType(MeteringGate.class)).isEmpty();
		assertThat(context.getBeansOfType(ThreeScaleClient.class)).isEmpty();
		assertThat(context.getBeansOfType(ThreeScaleSandbox.class)).isEmpty();
	}

	@Nested
	@SpringBootTest(classes = SearchApplication.class,
			properties = { "threescale.enabled=false", "threescale.sandbox.enabled=true" })
	@AutoConfigureMockMvc
	class WhenSwitchedOff {

		@Test
		void thenEverythingPasses(@Autowired MockMvcTester mvc, @Autowired ApplicationContext context) {
			everythingPassesAndNothingIsStarted(mvc, context);
		}

	}

	@Nested
	@WebMvcTest
	@ContextConfiguration(classes = SearchApplication.class)
	class WhenSliced {

		@Test
		void thenEverythingPasses(@Autowired MockMvcTester mvc, @Autowired ApplicationContext context) {
			everythingPassesAndNothingIsStarted(mvc, context);
		}

	}

}

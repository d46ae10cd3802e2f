package io.threescale.spring.test;

import io.threescale.spring.sandbox.Fault;
import io.threescale.spring.sandbox.SandboxOperation;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.RepeatedTest;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static io.threescale.spring.test.ThreeScaleAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@link ThreeScaleTest} of an application that holds usage back.
 */
@SpringBootTest(classes = SearchApplication.class,
		properties = { "threescale.mode=predictive", "threescale.reporting.flush-interval=1h" })
@AutoConfigureMockMvc
@ThreeScaleTest(applications = {
		@ThreeScaleTest.Application(userKey = "large",
				limits = @ThreeScaleTest.Limit(metric = "search", max = 1000, period = CalendarPeriod.DAY)),
		@ThreeScaleTest.Application(userKey = "small",
				limits = @ThreeScaleTest.Limit(metric = "search", max = 3, period = CalendarPeriod.MINUTE)) })
class PredictiveTests {

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private ThreeScaleSandbox threeScale;

	@RepeatedTest(2)
	void shouldHaveUsageDelivered() {
		for (int i = 0; i < 20; i++) {
			assertThat(search("large")).hasStatusOk();
		}
		assertThat(this.threeScale.requests(SandboxOperation.AUTHREP)).isZero();
		assertThat(this.threeScale).reported("large", "search", 20).reportedNothingFor("small");
	}

	@RepeatedTest(2)
	void shouldTellOfUsageThatWasHeldBack() {
		search("large");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(this.threeScale).reportedNothing())
			.withMessageContaining("large: 1 search");
	}

	@RepeatedTest(2)
	void shouldForgetWhatWasDecided() {
		for (int i = 0; i < 3; i++) {
			assertThat(search("small")).hasStatusOk();
		}
		assertThat(search("small")).hasStatus(HttpStatus.TOO_MANY_REQUESTS);
		assertThat(this.threeScale).reported("small", "search", 3);
	}

	@RepeatedTest(2)
	void shouldLeaveNothingForTheNextTest() {
		assertThat(this.threeScale).reportedNothing();
		assertThat(search("large")).hasStatusOk();
		this.threeScale.fail(Fault.status(403), SandboxOperation.REPORT);
	}

	private MvcTestResult search(String userKey) {
		return this.mvc.get().uri("/search").header("user-key", userKey).exchange();
	}

}

package io.threescale.spring.samples.quickstart;

import io.threescale.spring.sandbox.ThreeScaleSandbox;
import io.threescale.spring.test.ThreeScaleTest;
import io.threescale.spring.test.ThreeScaleTest.Application;
import io.threescale.spring.test.ThreeScaleTest.Limit;
import io.threescale.spring.test.ThreeScaleTest.Metric;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static io.threescale.spring.test.CalendarPeriod.MINUTE;
import static io.threescale.spring.test.ThreeScaleAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How an application tests that it is metered.
 */
@WebMvcTest
@ThreeScaleTest(
		applications = { @Application(userKey = "app-1"),
				@Application(userKey = "app-2", limits = @Limit(metric = "search", max = 1, period = MINUTE)) },
		metrics = @Metric(value = "hits", methods = "search"))
class SearchTests {

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private ThreeScaleSandbox threeScale;

	@Test
	void searchIsMetered() {
		assertThat(search("app-1")).hasStatusOk();
		assertThat(search("app-1")).hasStatusOk();
		assertThat(this.threeScale).reported("app-1", "search", 2).reportedNothingFor("app-2");
	}

	@Test
	void searchIsLimited() {
		assertThat(search("app-2")).hasStatusOk();
		assertThat(search("app-2")).hasStatus(HttpStatus.TOO_MANY_REQUESTS);
		assertThat(this.threeScale).reported("app-2", "search", 1);
	}

	private MvcTestResult search(String userKey) {
		return this.mvc.get().uri("/search?query=charge").header("user-key", userKey).exchange();
	}

}

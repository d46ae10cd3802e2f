package io.threescale.spring.test;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.time.Instant;

import io.threescale.spring.sandbox.Fault;
import io.threescale.spring.sandbox.SandboxService;
import io.threescale.spring.sandbox.SandboxWorld;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static io.threescale.spring.test.ThreeScaleAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link ThreeScaleTest} on an annotation of the application's own, with MockMvc.
 */
@MockMvcTests.SearchTest
class MockMvcTests {

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private ThreeScaleSandbox threeScale;

	@RepeatedTest(2)
	void whenALimitIsUsedUpThenItIsNotInTheNextTest() {
		for (int i = 0; i < 3; i++) {
			assertThat(call("/search", "app-1")).hasStatusOk();
		}
		assertThat(call("/search", "app-1")).hasStatus(HttpStatus.TOO_MANY_REQUESTS);
		assertThat(this.threeScale).reported("app-1", "search", 3).reported("app-1", "hits", 0);
		assertThat(this.threeScale.usage("app-1", "hits")).isEqualTo(3);
	}

	@RepeatedTest(2)
	void whenATestLeavesTheSandboxChangedThenTheNextFindsItAsDescribed() {
		assertThat(call("/plan", "app-1")).hasStatusOk().hasBodyTextEqualTo("Basic");
		assertThat(this.threeScale.clock().instant()).isBetween(Instant.now(), Instant.now().plusSeconds(60));
		this.threeScale.fail(Fault.storageDown());
		this.threeScale.replaceWorld(SandboxWorld.of("test", SandboxService.userKey("test")));
		this.threeScale.advance(Duration.ofDays(400));
	}

	@Test
	void whenAnApplicationIsSuspendedOrUnknownThenItsCallsAreDenied() {
		assertThat(call("/search", "suspended")).hasStatus(HttpStatus.FORBIDDEN);
		assertThat(call("/search", "stranger")).hasStatus(HttpStatus.FORBIDDEN);
		assertThat(this.threeScale).reportedNothing();
	}

	@Test
	void whenAnApplicationHasAnIdToo() {
		assertThat(call("/search", "key-2")).hasStatusOk();
		assertThat(this.threeScale).reported("key-2", "search", 1).reported("id-2", "search", 1);
		assertThat(this.threeScale).reportedNothingFor("app-1");
	}

	private MvcTestResult call(String path, String userKey) {
		return this.mvc.get().uri(path).header("user-key", userKey).exchange();
	}

	@Nested
	class WithinAnotherClass {

		@Test
		void shouldMeterToo() {
			assertThat(MockMvcTests.this.threeScale).reportedNothing();
			assertThat(call("/search", "app-1")).hasStatusOk();
			assertThat(MockMvcTests.this.threeScale).reported("app-1", "search", 1);
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@SpringBootTest(classes = SearchApplication.class)
	@AutoConfigureMockMvc
	@ThreeScaleTest(
			applications = {
					@ThreeScaleTest.Application(userKey = "app-1", plan = "Basic",
							limits = @ThreeScaleTest.Limit(metric = "search", max = 3, period = CalendarPeriod.MINUTE)),
					@ThreeScaleTest.Application(userKey = "key-2", appId = "id-2"),
					@ThreeScaleTest.Application(userKey = "suspended", suspended = true) },
			metrics = @ThreeScaleTest.Metric(value = "hits", methods = "search"))
	@interface SearchTest {

	}

}

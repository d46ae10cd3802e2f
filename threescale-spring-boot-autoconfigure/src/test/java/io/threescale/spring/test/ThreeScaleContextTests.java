package io.threescale.spring.test;

import io.threescale.spring.sandbox.SandboxMetric;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.test.context.TestContextManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Which tests share a context.
 */
class ThreeScaleContextTests {

	@Test
	void whenAnnotationsAreEqualThenTheContextIsShared() {
		assertThat(context(One.class)).isSameAs(context(Same.class)).isNotSameAs(context(Other.class));
	}

	@Test
	void whenApplicationsHaveDifferentKindsThenTheTestDoesNotStart() {
		assertThatIllegalStateException().isThrownBy(() -> context(Mixed.class))
			.withMessageContaining("[USER_KEY, APP_ID]");
	}

	@Test
	void whenAnApplicationHasNoCredentialsThenTheTestDoesNotStart() {
		assertThatIllegalStateException().isThrownBy(() -> context(Anonymous.class)).withMessageContaining("'userKey'");
	}

	@Test
	void whenAMethodHasMethodsThenTheTreeIsThatDeep() {
		SandboxMetric search = SandboxMetric.of("search", "fast");
		assertThat(TestWorld.of(annotation(Deep.class)).sandbox().services().get("test").metrics())
			.containsExactly(SandboxMetric.of("hits", search));
	}

	@Test
	void whenMetricsAreMethodsOfEachOtherThenTheTestDoesNotStart() {
		assertThatIllegalStateException().isThrownBy(() -> TestWorld.of(annotation(Round.class)))
			.withMessageContaining("[a, b]");
	}

	private static ThreeScaleTest annotation(Class<?> testClass) {
		return AnnotatedElementUtils.getMergedAnnotation(testClass, ThreeScaleTest.class);
	}

	private static ApplicationContext context(Class<?> testClass) {
		return new TestContextManager(testClass).getTestContext().getApplicationContext();
	}

	@SpringBootTest(classes = SearchApplication.class)
	@ThreeScaleTest(applications = @ThreeScaleTest.Application(userKey = "shared"))
	static class One {

	}

	@SpringBootTest(classes = SearchApplication.class)
	@ThreeScaleTest(applications = @ThreeScaleTest.Application(userKey = "shared"))
	static class Same {

	}

	@SpringBootTest(classes = SearchApplication.class)
	@ThreeScaleTest(applications = @ThreeScaleTest.Application(userKey = "another"))
	static class Other {

	}

	@SpringBootTest(classes = SearchApplication.class)
	@ThreeScaleTest(
			applications = { @ThreeScaleTest.Application(userKey = "a"), @ThreeScaleTest.Application(appId = "b") })
	static class Mixed {

	}

	@SpringBootTest(classes = SearchApplication.class)
	@ThreeScaleTest(applications = @ThreeScaleTest.Application)
	static class Anonymous {

	}

	@ThreeScaleTest(
			applications = @ThreeScaleTest.Application(userKey = "a",
					limits = @ThreeScaleTest.Limit(metric = "fast", max = 1, period = CalendarPeriod.DAY)),
			metrics = { @ThreeScaleTest.Metric(value = "search", methods = "fast"),
					@ThreeScaleTest.Metric(value = "hits", methods = "search") })
	static class Deep {

	}

	@ThreeScaleTest(applications = @ThreeScaleTest.Application(userKey = "a"), metrics = {
			@ThreeScaleTest.Metric(value = "a", methods = "b"), @ThreeScaleTest.Metric(value = "b", methods = "a") })
	static class Round {

	}

}

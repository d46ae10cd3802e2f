package io.threescale.spring.test;

import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
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

}

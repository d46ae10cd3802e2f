package io.threescale.spring.test;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.threescale.spring.client.predictive.PredictingThreeScaleClient;
import io.threescale.spring.sandbox.ThreeScaleSandbox;

import org.springframework.context.ApplicationContext;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestExecutionListener;

/**
 * Lets each method of a {@link ThreeScaleTest} begin with nothing counted, and at the
 * start of a minute.
 */
final class ThreeScaleTestExecutionListener implements TestExecutionListener {

	@Override
	public void beforeTestMethod(TestContext testContext) {
		if (isThreeScaleTest(testContext)) {
			forget(testContext.getApplicationContext());
		}
	}

	/**
	 * Applications stop when the JVM exits, which must not wait for the report of what
	 * the last test has used, to a sandbox that the test may have told to fail.
	 */
	@Override
	public void afterTestClass(TestContext testContext) {
		if (isThreeScaleTest(testContext) && testContext.hasApplicationContext()) {
			try {
				forget(testContext.getApplicationContext());
			}
			catch (IllegalStateException ex) {
				// The test has closed it
			}
		}
	}

	private static boolean isThreeScaleTest(TestContext testContext) {
		return TestContextAnnotationUtils.hasAnnotation(testContext.getTestClass(), ThreeScaleTest.class);
	}

	private static void forget(ApplicationContext context) {
		reset(context.getBean(ThreeScaleSandbox.class));
		context.getBeanProvider(PredictingThreeScaleClient.class).ifUnique(PredictingThreeScaleClient::forget);
	}

	private static void reset(ThreeScaleSandbox sandbox) {
		sandbox.reset();
		Instant now = sandbox.clock().instant();
		Instant minute = now.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
		sandbox.advance(Duration.between(now, minute));
	}

}

package io.threescale.spring.test;

import io.threescale.spring.sandbox.ThreeScaleSandbox;

/**
 * The entry to assertions about what was reported to 3scale. Its {@code assertThat} may
 * be imported next to that of AssertJ.
 *
 * @since 0.1.0
 */
public final class ThreeScaleAssertions {

	private ThreeScaleAssertions() {
	}

	/**
	 * Begin an assertion.
	 * @param actual the sandbox the application under test reports to
	 * @return the assertion
	 */
	public static ThreeScaleSandboxAssert assertThat(ThreeScaleSandbox actual) {
		return new ThreeScaleSandboxAssert(actual);
	}

}

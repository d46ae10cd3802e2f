package io.threescale.spring.client.reporting;

import io.threescale.spring.ErrorCode;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.ThreeScaleUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which a report fails.
 */
final class Failures {

	private Failures() {
	}

	static ThreeScaleUnavailableException unsent() {
		return new ThreeScaleUnavailableException("could not be reached", false, null);
	}

	static ThreeScaleUnavailableException ambiguous() {
		return new ThreeScaleUnavailableException("did not answer", true, null);
	}

	static ThreeScaleMisconfiguredException misconfigured(@Nullable ErrorCode code) {
		return new ThreeScaleMisconfiguredException("3scale answered " + code, code);
	}

}

package io.threescale.spring;

import org.jspecify.annotations.Nullable;

/**
 * 3scale did not decide. That is never the caller's fault, so callers are not to see the
 * message; it is written for operators and quotes no secret.
 *
 * @since 0.1.0
 */
public abstract sealed class ThreeScaleException extends RuntimeException
		permits ThreeScaleMisconfiguredException, ThreeScaleUnavailableException, PartialReportException {

	ThreeScaleException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}

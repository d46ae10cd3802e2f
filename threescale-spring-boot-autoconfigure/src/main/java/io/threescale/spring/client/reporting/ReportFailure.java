package io.threescale.spring.client.reporting;

import java.util.Set;

import io.threescale.spring.ErrorCode;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.ThreeScaleUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * What a failure says about the usage that was sent.
 */
enum ReportFailure {

	/** Something in this very request is wrong, and the rest of it may be right. */
	REJECTED,

	/** No request would be accepted until somebody changes the configuration. */
	REFUSED,

	/** Something refuses this request and does not say why; others may pass. */
	UNEXPLAINED,

	/** It was surely not counted. */
	UNSENT,

	/** It may have been counted. */
	AMBIGUOUS;

	private static final Set<ErrorCode> OURS = Set.of(ErrorCode.SERVICE_TOKEN_INVALID,
			ErrorCode.PROVIDER_KEY_OR_SERVICE_TOKEN_REQUIRED, ErrorCode.PROVIDER_KEY_INVALID,
			ErrorCode.PROVIDER_KEY_INVALID_OR_SERVICE_MISSING, ErrorCode.SERVICE_ID_INVALID,
			ErrorCode.SERVICE_ID_MISSING, ErrorCode.SERVICE_NOT_ACTIVE, ErrorCode.OAUTH_NOT_ENABLED,
			ErrorCode.CONTENT_TYPE_INVALID);

	static ReportFailure of(Throwable failure) {
		if (failure instanceof ThreeScaleMisconfiguredException misconfigured) {
			return of(misconfigured.code());
		}
		if (failure instanceof ThreeScaleUnavailableException unavailable && !unavailable.isAmbiguous()) {
			return UNSENT;
		}
		return AMBIGUOUS;
	}

	private static ReportFailure of(@Nullable ErrorCode code) {
		if (code == null) {
			return UNEXPLAINED;
		}
		return OURS.contains(code) ? REFUSED : REJECTED;
	}

	static @Nullable ErrorCode code(Throwable failure) {
		return (failure instanceof ThreeScaleMisconfiguredException misconfigured) ? misconfigured.code() : null;
	}

	/**
	 * Tell whether a failure is 3scale's own answer, so that it is there.
	 */
	static boolean isAnswer(Throwable failure) {
		return code(failure) != null;
	}

}

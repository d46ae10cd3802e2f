package io.threescale.spring.metering.problem;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * A call that could not be decided: 503. Whether 3scale is down or refuses to serve us is
 * in the {@linkplain #getCause() cause}, and none of the caller's business.
 *
 * @since 0.1.0
 */
public final class MeteringUnavailableException extends MeteringException {

	/**
	 * Create the exception.
	 * @param cause what kept the call from being decided, or {@code null}
	 */
	public MeteringUnavailableException(@Nullable Throwable cause) {
		super(HttpStatus.SERVICE_UNAVAILABLE, new Problem("metering-unavailable", "Metering unavailable",
				"The call cannot be authorized at the moment."), cause);
	}

}

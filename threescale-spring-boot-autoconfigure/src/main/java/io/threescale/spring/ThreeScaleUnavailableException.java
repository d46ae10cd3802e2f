package io.threescale.spring;

import org.jspecify.annotations.Nullable;

/**
 * 3scale could not be reached, did not answer in time, or answered nothing that makes
 * sense. It may pass by itself.
 *
 * @since 0.1.0
 */
public final class ThreeScaleUnavailableException extends ThreeScaleException {

	private final boolean ambiguous;

	/**
	 * Create the exception.
	 * @param message what happened, without secrets
	 * @param ambiguous whether usage may have been counted all the same
	 * @param cause the cause, or {@code null}
	 */
	public ThreeScaleUnavailableException(String message, boolean ambiguous, @Nullable Throwable cause) {
		super(message, cause);
		this.ambiguous = ambiguous;
	}

	/**
	 * Tell whether the usage of the call may have been counted although no answer came.
	 * 3scale cannot recognise a repeated call, so repeating an ambiguous one may bill it
	 * twice, and not repeating it may bill it never ({@code protocol.md} 5.3, 6.5).
	 * @return {@code false} if nothing was counted for sure: the request never left, or
	 * counts nothing
	 */
	public boolean isAmbiguous() {
		return this.ambiguous;
	}

}

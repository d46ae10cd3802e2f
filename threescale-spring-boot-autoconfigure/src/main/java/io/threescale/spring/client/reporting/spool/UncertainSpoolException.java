package io.threescale.spring.client.reporting.spool;

import org.jspecify.annotations.Nullable;

/**
 * Nobody knows whether the spool has what was to be written.
 *
 * @since 0.1.0
 */
public final class UncertainSpoolException extends SpoolException {

	/**
	 * Create the exception.
	 * @param message what happened, without secrets
	 * @param cause the cause, or {@code null}
	 */
	public UncertainSpoolException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}

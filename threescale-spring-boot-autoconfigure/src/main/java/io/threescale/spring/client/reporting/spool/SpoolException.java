package io.threescale.spring.client.reporting.spool;

import org.jspecify.annotations.Nullable;

/**
 * The spool cannot be used: another process has it, or the disk refuses.
 *
 * @since 0.1.0
 */
public class SpoolException extends RuntimeException {

	/**
	 * Create the exception.
	 * @param message what happened and what to do about it, without secrets
	 * @param cause the cause, or {@code null}
	 */
	public SpoolException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}

package io.threescale.spring.client.reporting;

import io.threescale.spring.ErrorCode;
import io.threescale.spring.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Usage that 3scale will never take.
 *
 * @param transaction what is not going to be counted, with the sum of all calls that were
 * added up; its credentials are secret
 * @param reason why
 * @param code 3scale's code if it was rejected, or {@code null}
 * @since 0.1.0
 */
public record DeadLetter(Transaction transaction, Reason reason, @Nullable ErrorCode code) {

	/**
	 * Why usage can not be reported.
	 *
	 * @since 0.1.0
	 */
	public enum Reason {

		/** 3scale rejected this very transaction. */
		REJECTED,

		/** It is, or became, older or newer than 3scale takes. */
		OUTSIDE_WINDOW

	}

}

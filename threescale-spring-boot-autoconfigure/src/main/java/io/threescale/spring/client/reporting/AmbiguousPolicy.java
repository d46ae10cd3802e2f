package io.threescale.spring.client.reporting;

/**
 * What becomes of usage that was sent but never answered for. 3scale cannot recognise a
 * repeated report, so neither choice is right every time; both are counted.
 *
 * @since 0.1.0
 */
public enum AmbiguousPolicy {

	/** Do not send it again: it may never be billed. */
	DROP,

	/** Send it again: it may be billed twice. */
	RETRY;

	/**
	 * Tell whether usage is sent again that may have been counted: because its report was
	 * not answered, or because the application stopped, or died, before it was.
	 */
	boolean sendsAgain() {
		return this == RETRY;
	}

}

package io.threescale.spring.metering;

/**
 * How the decision about a call came out.
 *
 * @since 0.1.0
 */
public enum MeteringOutcome {

	/** 3scale granted and counted the call. */
	GRANTED,

	/** 3scale denied the call. */
	DENIED,

	/** A call beyond a soft limit passes, and is charged when it is done. */
	OVER_LIMIT,

	/**
	 * The call passes uncharged, as nothing is enforced: 3scale denied it, or it had no
	 * credentials.
	 */
	WOULD_DENY,

	/** The call had no credentials. */
	UNAUTHENTICATED,

	/**
	 * 3scale could not be asked, the {@link FailurePolicy} let the call pass, and its
	 * usage is to be reported.
	 */
	DEFERRED,

	/**
	 * 3scale could not be asked, the {@link FailurePolicy} let the call pass, and its
	 * usage is not reported: for lack of a buffer, or as it may have been counted.
	 */
	UNCOUNTED,

	/** 3scale could not be asked, and the {@link FailurePolicy} refused the call. */
	UNAVAILABLE,

	/** 3scale refused to serve us. */
	MISCONFIGURED

}

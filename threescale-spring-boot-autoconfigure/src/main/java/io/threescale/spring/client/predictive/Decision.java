package io.threescale.spring.client.predictive;

/**
 * What can be said of a call without asking 3scale, in the order in which one limit
 * overrules another.
 */
enum Decision {

	/** It fits. */
	ADMITTED,

	/** The share of the headroom this instance may use without asking is used up. */
	SHARE_SPENT,

	/** It would come near a limit, where only 3scale decides. */
	NEAR_LIMIT,

	/** It cannot fit: 3scale has shown as much, and counters only grow. */
	REFUSED;

	Decision or(Decision other) {
		return (compareTo(other) >= 0) ? this : other;
	}

}

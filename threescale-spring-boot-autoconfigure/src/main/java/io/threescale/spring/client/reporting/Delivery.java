package io.threescale.spring.client.reporting;

/**
 * How a delivery went, from well to badly.
 */
enum Delivery {

	/** Nothing is left of it. */
	COMPLETE,

	/** Some is to be tried again later, others may do better. */
	INCOMPLETE,

	/** 3scale is away: it is no use to go on now. */
	HALTED,

	/** It is no use to try again soon, as while the application stops. */
	FUTILE;

	boolean isHalt() {
		return compareTo(HALTED) >= 0;
	}

	Delivery worse(Delivery other) {
		return (compareTo(other) >= 0) ? this : other;
	}

}

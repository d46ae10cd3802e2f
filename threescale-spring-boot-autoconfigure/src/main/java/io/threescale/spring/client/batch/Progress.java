package io.threescale.spring.client.batch;

/**
 * How a delivery went, from well to badly.
 */
enum Progress {

	/** Nothing is left of it. */
	CLEAR,

	/** Some is to be tried again later, others may do better. */
	DELAYED,

	/** It is no use to go on now. */
	HALTED,

	/** Nor is it soon. */
	HOPELESS;

	boolean isHalt() {
		return compareTo(HALTED) >= 0;
	}

	Progress worse(Progress other) {
		return (compareTo(other) >= 0) ? this : other;
	}

}

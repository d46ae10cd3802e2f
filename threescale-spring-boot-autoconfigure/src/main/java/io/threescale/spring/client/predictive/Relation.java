package io.threescale.spring.client.predictive;

/**
 * Whether usage of a metric counts against the limit of another one.
 */
enum Relation {

	/** It does: it is the metric itself, or one below it. */
	SURE,

	/** Nobody knows yet. */
	POSSIBLE,

	/** It does not. */
	NONE

}

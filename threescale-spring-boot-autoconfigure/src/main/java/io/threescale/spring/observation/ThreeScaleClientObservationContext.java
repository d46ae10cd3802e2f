package io.threescale.spring.observation;

import io.micrometer.observation.Observation;

/**
 * What is known of an observed backend call. Credentials are not.
 *
 * @since 0.1.0
 */
public final class ThreeScaleClientObservationContext extends Observation.Context {

	private final String service;

	private final String operation;

	private String outcome = "unknown";

	ThreeScaleClientObservationContext(String service, String operation) {
		this.service = service;
		this.operation = operation;
	}

	/**
	 * Return the id of the service.
	 * @return the id, or {@code default}
	 */
	public String service() {
		return this.service;
	}

	/**
	 * Return what was asked.
	 * @return {@code authorize}, {@code authrep} or {@code report}
	 */
	public String operation() {
		return this.operation;
	}

	/**
	 * Return how it came out.
	 * @return one of the values of {@link ThreeScaleClientObservation.Key#OUTCOME}
	 */
	public String outcome() {
		return this.outcome;
	}

	void outcome(String outcome) {
		this.outcome = outcome;
	}

}

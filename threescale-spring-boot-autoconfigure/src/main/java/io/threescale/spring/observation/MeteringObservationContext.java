package io.threescale.spring.observation;

import io.micrometer.observation.Observation;
import io.threescale.spring.metering.MeteringDecision;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an observed decision.
 *
 * @since 0.1.0
 */
public final class MeteringObservationContext extends Observation.Context {

	private final String operation;

	private final String service;

	private @Nullable MeteringDecision decision;

	private @Nullable String application;

	MeteringObservationContext(String operation, String service) {
		this.operation = operation;
		this.service = service;
	}

	/**
	 * Return what is called.
	 * @return the name of the operation, {@code other} if there are too many
	 */
	public String operation() {
		return this.operation;
	}

	/**
	 * Return the service.
	 * @return its id
	 */
	public String service() {
		return this.service;
	}

	/**
	 * Return how the call was decided.
	 * @return the decision, or {@code null} while there is none, or nobody waited for it
	 */
	public @Nullable MeteringDecision decision() {
		return this.decision;
	}

	/**
	 * Return the name of the application, which is no secret.
	 * @return the name, or {@code null} while there is no decision
	 */
	public @Nullable String application() {
		return this.application;
	}

	void decided(MeteringDecision decision, @Nullable String application) {
		this.decision = decision;
		this.application = application;
	}

}

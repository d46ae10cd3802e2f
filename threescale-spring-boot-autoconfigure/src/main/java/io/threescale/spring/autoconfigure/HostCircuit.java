package io.threescale.spring.autoconfigure;

import io.threescale.spring.client.circuitbreaker.Circuit;
import org.jspecify.annotations.Nullable;

/**
 * The circuit that the application has configured for the backend.
 */
@FunctionalInterface
interface HostCircuit {

	/**
	 * Return the circuit, or {@code null} if there is none.
	 */
	@Nullable Circuit find();

}

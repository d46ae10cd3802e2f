package io.threescale.spring.sandbox;

import io.threescale.spring.ErrorCode;

/**
 * An entry of a service's list of integration errors: the only place where 3scale tells
 * that an accepted report was discarded.
 *
 * @param service the id of the service
 * @param code the code of the error
 * @param message the text, which repeats keys as they were sent
 * @since 0.1.0
 */
public record IntegrationError(String service, ErrorCode code, String message) {

	/** Leaves out the message, which may repeat a key. */
	@Override
	public String toString() {
		return "IntegrationError[service=" + this.service + ", code=" + this.code + "]";
	}

}

package io.threescale.spring.metering.rules;

/**
 * Mapping rules cannot be read, or make no sense here. Found at start. The message says
 * which, and shows nothing else of the file they come from: it holds tokens.
 *
 * @since 0.1.0
 */
public final class InvalidMappingRulesException extends RuntimeException {

	InvalidMappingRulesException(String message) {
		super(message);
	}

}

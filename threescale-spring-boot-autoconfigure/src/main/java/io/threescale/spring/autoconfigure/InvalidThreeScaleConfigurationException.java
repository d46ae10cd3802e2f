package io.threescale.spring.autoconfigure;

/**
 * Properties do not make sense together.
 */
final class InvalidThreeScaleConfigurationException extends RuntimeException {

	private final String action;

	InvalidThreeScaleConfigurationException(String description, String action) {
		super(description);
		this.action = action;
	}

	static InvalidThreeScaleConfigurationException of(String prefix, IllegalArgumentException ex) {
		return new InvalidThreeScaleConfigurationException(
				"A property under '" + prefix + "' is invalid: " + ex.getMessage() + ".", "Correct or remove it.");
	}

	String action() {
		return this.action;
	}

}

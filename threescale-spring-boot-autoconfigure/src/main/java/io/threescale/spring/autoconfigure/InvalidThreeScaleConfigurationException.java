package io.threescale.spring.autoconfigure;

/**
 * A property makes no sense, alone or beside another. Values are not shown.
 */
final class InvalidThreeScaleConfigurationException extends RuntimeException {

	private final String action;

	InvalidThreeScaleConfigurationException(String description, String action) {
		super(description);
		this.action = action;
	}

	static void require(boolean valid, String property, String requirement) {
		if (!valid) {
			throw new InvalidThreeScaleConfigurationException(
					"Property '" + property + "' must be " + requirement + ".",
					"Correct it, or remove it to have the default.");
		}
	}

	String action() {
		return this.action;
	}

}

package io.threescale.spring.autoconfigure;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A property makes no sense, alone or beside another. Values are not shown.
 */
final class InvalidThreeScaleConfigurationException extends RuntimeException {

	private final String action;

	InvalidThreeScaleConfigurationException(String description, String action) {
		super(description);
		this.action = action;
	}

	/**
	 * A property that makes no sense.
	 *
	 * @param description names it
	 * @param action what to do about it
	 */
	record Problem(String description, String action) {
	}

	/**
	 * Tell all problems at once, if there are any.
	 */
	static void throwIfAny(List<Problem> problems) {
		if (!problems.isEmpty()) {
			throw new InvalidThreeScaleConfigurationException(lines(problems, Problem::description),
					lines(problems, Problem::action));
		}
	}

	private static String lines(List<Problem> problems, Function<Problem, String> text) {
		return problems.stream().map(text).distinct().collect(Collectors.joining(System.lineSeparator()));
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

package io.threescale.spring.metering;

import java.lang.reflect.Method;

/**
 * A method is annotated in a way that makes no sense. Found at start.
 *
 * @since 0.1.0
 */
public final class InvalidMeteringException extends RuntimeException {

	private final String problem;

	/**
	 * Create the exception.
	 * @param method the method
	 * @param problem what is wrong with it
	 */
	public InvalidMeteringException(Method method, String problem) {
		super("Invalid metering of " + method.toGenericString() + ": " + problem);
		this.problem = problem;
	}

	/**
	 * Return what is wrong.
	 * @return a sentence without the method
	 */
	public String problem() {
		return this.problem;
	}

}

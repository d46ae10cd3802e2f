package io.threescale.spring.sandbox;

/**
 * Ends a call with an answer that is no document of 3scale.
 */
final class Halt extends RuntimeException {

	private final RawAnswer answer;

	Halt(RawAnswer answer) {
		super("answered with " + answer.status(), null, false, false);
		this.answer = answer;
	}

	static Halt programFault() {
		return new Halt(RawAnswer.bare(500, "Internal Server Error\n", false));
	}

	RawAnswer answer() {
		return this.answer;
	}

}

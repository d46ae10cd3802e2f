package io.threescale.spring.sandbox;

import java.util.Map;

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

	/** Parameters the framework around the backend cannot make sense of. */
	static Halt badRequest(String message) {
		return new Halt(new RawAnswer(400, Map.of("content-type", "text/html;charset=utf-8", "x-content-type-options",
				"nosniff", "x-xss-protection", "1; mode=block", "x-frame-options", "SAMEORIGIN"), message, false));
	}

	RawAnswer answer() {
		return this.answer;
	}

}

package io.threescale.spring.sandbox;

import java.time.Duration;
import java.util.Map;

/**
 * A way for the sandbox to fail a call of one of the {@link SandboxOperation operations},
 * to see what a client makes of it.
 *
 * @since 0.1.0
 */
public sealed interface Fault {

	/**
	 * Answer with a bare status and count nothing.
	 * @param status the HTTP status
	 * @return the fault
	 */
	static Fault status(int status) {
		return answer(status, Map.of(), "");
	}

	/**
	 * Answer with anything and count nothing.
	 * @param status the HTTP status
	 * @param headers the headers
	 * @param body the body
	 * @return the fault
	 */
	static Fault answer(int status, Map<String, String> headers, String body) {
		return new Answer(status, headers, body);
	}

	/**
	 * Answer as 3scale does while its storage is down.
	 * @return the fault
	 */
	static Fault storageDown() {
		return answer(500, Map.of(), "Internal Server Error\n");
	}

	/**
	 * Handle the call, and answer later.
	 * @param delay how much later
	 * @return the fault
	 */
	static Fault slow(Duration delay) {
		return new Slow(delay);
	}

	/**
	 * Close the connection before the call is handled: nothing is counted.
	 * @return the fault
	 */
	static Fault hangUpBeforeCounting() {
		return new HangUp(false);
	}

	/**
	 * Close the connection after the call was handled: its usage counts, but the client
	 * never learns.
	 * @return the fault
	 */
	static Fault hangUpAfterCounting() {
		return new HangUp(true);
	}

	/**
	 * Answers with anything.
	 *
	 * @param status the HTTP status
	 * @param headers the headers
	 * @param body the body
	 * @since 0.1.0
	 */
	record Answer(int status, Map<String, String> headers, String body) implements Fault {

		public Answer {
			if (status < 200 || status > 999) {
				throw new IllegalArgumentException(
						"A fault cannot answer " + status + ": use a final HTTP status such as 503");
			}
			headers = Map.copyOf(headers);
		}

	}

	/**
	 * Answers late.
	 *
	 * @param delay how late
	 * @since 0.1.0
	 */
	record Slow(Duration delay) implements Fault {

		public Slow {
			if (delay.isNegative()) {
				throw new IllegalArgumentException("A fault cannot delay by " + delay + ": use zero or more");
			}
		}

	}

	/**
	 * Closes the connection instead of answering.
	 *
	 * @param counted whether the call is handled before
	 * @since 0.1.0
	 */
	record HangUp(boolean counted) implements Fault {
	}

}

package io.threescale.spring.sandbox;

import java.time.Duration;
import java.util.Map;

import org.springframework.http.HttpStatus;

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
	static Answer status(int status) {
		return answer(status, Map.of(), "");
	}

	/**
	 * Answer with anything and count nothing.
	 * @param status the HTTP status
	 * @param headers the headers
	 * @param body the body
	 * @return the fault
	 */
	static Answer answer(int status, Map<String, String> headers, String body) {
		return new Answer(status, headers, body, false);
	}

	/**
	 * Answer as a proxy or a router in front of 3scale does, with a page in HTML, and
	 * count nothing: 429 when it throttles, 502, 503 or 504 when it reaches nobody. With
	 * {@link Answer#afterCounting()} it lost an answer of 3scale.
	 * @param status the HTTP status
	 * @return the fault
	 */
	static Answer proxy(int status) {
		HttpStatus known = HttpStatus.resolve(status);
		String line = status + ((known != null) ? " " + known.getReasonPhrase() : "");
		return answer(status, Map.of("content-type", "text/html"),
				"<html><head><title>" + line + "</title></head><body><h1>" + line + "</h1></body></html>\n");
	}

	/**
	 * Answer as Envoy does whose connection to 3scale broke after the call was sent: 503
	 * with a text that says so. Whether 3scale has counted the call is open then; with
	 * {@link Answer#afterCounting()} it has.
	 * @return the fault
	 */
	static Answer envoyReset() {
		return answer(503, Map.of("content-type", "text/plain", "server", "envoy"),
				"upstream connect error or disconnect/reset before headers. reset reason: connection termination");
	}

	/**
	 * Answer as 3scale does while its storage is down.
	 * @return the fault
	 */
	static Answer storageDown() {
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
	 * @param counted whether the call is handled before
	 * @since 0.1.0
	 */
	record Answer(int status, Map<String, String> headers, String body, boolean counted) implements Fault {

		public Answer {
			if (status < 200 || status > 999) {
				throw new IllegalArgumentException(
						"A fault cannot answer " + status + ": use a final HTTP status such as 503");
			}
			headers = Map.copyOf(headers);
		}

		/**
		 * Handle the call before: its usage counts, but the answer of 3scale is lost.
		 * @return a fault with the same answer
		 */
		public Answer afterCounting() {
			return new Answer(this.status, this.headers, this.body, true);
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

package io.threescale.spring.sandbox;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What the server does with a request: it answers, now or later, or it hangs up.
 *
 * @param answer the answer, or {@code null} to hang up
 * @param delay how much later to answer
 */
record Reply(@Nullable RawAnswer answer, Duration delay) {

	static final Reply HANG_UP = new Reply(null, Duration.ZERO);

	static Reply of(RawAnswer answer) {
		return new Reply(answer, Duration.ZERO);
	}

}

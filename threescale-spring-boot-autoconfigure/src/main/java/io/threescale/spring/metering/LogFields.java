package io.threescale.spring.metering;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

/**
 * Has the log lines of a thread tell which call it works for.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
@FunctionalInterface
public interface LogFields {

	/** Log lines tell nothing of calls. */
	LogFields NONE = (decision) -> {
	};

	/**
	 * Have the log lines of the calling thread tell of a call, and of no other any more.
	 * @param decision how it was decided, or {@code null} if the thread works for no call
	 */
	void show(@Nullable MeteringDecision decision);

}

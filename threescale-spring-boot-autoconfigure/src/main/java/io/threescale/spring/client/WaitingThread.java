package io.threescale.spring.client;

import java.util.function.Function;

import org.jetbrains.annotations.ApiStatus;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Has the calling thread wait for an answer, if it may.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class WaitingThread {

	private WaitingThread() {
	}

	/**
	 * Wait for an answer. Time limits are those of the answer.
	 * @param <T> the type of the answer
	 * @param answer what to subscribe to and to wait for; must not be empty
	 * @param what what is waited for, in words
	 * @param onInterruption says what to throw if the thread is interrupted, which it
	 * then stays
	 * @return the answer
	 * @throws IllegalStateException if the thread belongs to an event loop; nothing was
	 * subscribed to then
	 */
	public static <T> T await(Mono<T> answer, String what,
			Function<InterruptedException, RuntimeException> onInterruption) {
		if (Schedulers.isInNonBlockingThread()) {
			// Mono.block() says so too, but only after the request has left
			throw new IllegalStateException(
					"Thread '" + Thread.currentThread().getName() + "' must not wait for " + what);
		}
		try {
			T value = answer.block();
			if (value == null) {
				throw new IllegalStateException("A client must answer");
			}
			return value;
		}
		catch (RuntimeException ex) {
			if (Exceptions.unwrap(ex) instanceof InterruptedException interruption) {
				Thread.currentThread().interrupt();
				throw onInterruption.apply(interruption);
			}
			throw ex;
		}
	}

}

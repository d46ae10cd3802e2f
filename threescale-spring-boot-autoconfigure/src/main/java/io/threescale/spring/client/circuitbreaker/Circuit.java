package io.threescale.spring.client.circuitbreaker;

import java.time.Duration;
import java.util.function.Consumer;

import io.threescale.spring.ThreeScaleUnavailableException;

/**
 * Decides whether a backend is asked, by how the calls before went. Safe for use by many
 * threads.
 *
 * @since 0.1.0
 */
public interface Circuit {

	/**
	 * What becomes of calls.
	 */
	enum State {

		/** They go through. */
		CLOSED,

		/** They fail at once. */
		OPEN,

		/** Few go through, to see whether the backend answers again. */
		HALF_OPEN

	}

	/**
	 * Create a circuit that opens when a backend answers ten calls in a row, or 80 % of
	 * the last 20 within ten seconds, slowly or not at all. After five seconds it lets
	 * one call through at a time, until one is answered.
	 * @param slow how long an answer may take until it counts as slow
	 * @return the circuit
	 */
	static Circuit ofSlowCalls(Duration slow) {
		return new SlowCallsCircuit(slow, System::nanoTime);
	}

	/**
	 * Create a circuit that never opens.
	 * @return the circuit
	 */
	static Circuit none() {
		return new ClosedCircuit();
	}

	/**
	 * Ask whether a call may go through. If so, it has to be told how it went.
	 * @return whether it may
	 */
	boolean tryEnter();

	/**
	 * Note that 3scale has answered, whatever it answered.
	 * @param took how long it took
	 */
	void answered(Duration took);

	/**
	 * Note that 3scale has not answered: nobody has, or somebody else.
	 * @param took how long it took
	 * @param failure what happened
	 */
	void failed(Duration took, ThreeScaleUnavailableException failure);

	/**
	 * Note that nobody waited for the end of a call.
	 */
	void cancelled();

	/**
	 * Return the state.
	 * @return the state now
	 */
	State state();

	/**
	 * Hear of changes.
	 * @param listener told of each new state; must not wait
	 */
	void onTransition(Consumer<State> listener);

}

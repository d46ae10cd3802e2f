package io.threescale.spring.client.circuitbreaker;

import java.time.Duration;
import java.util.function.Consumer;

import io.threescale.spring.ThreeScaleUnavailableException;

/**
 * Lets every call through.
 */
record ClosedCircuit() implements Circuit {

	@Override
	public boolean tryEnter() {
		return true;
	}

	@Override
	public void answered(Duration took) {
	}

	@Override
	public void failed(Duration took, ThreeScaleUnavailableException failure) {
	}

	@Override
	public void cancelled() {
	}

	@Override
	public State state() {
		return State.CLOSED;
	}

	@Override
	public void onTransition(Consumer<State> listener) {
	}

}

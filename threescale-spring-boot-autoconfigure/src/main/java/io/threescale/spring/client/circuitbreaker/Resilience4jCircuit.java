package io.threescale.spring.client.circuitbreaker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.threescale.spring.ThreeScaleUnavailableException;

/**
 * Has a circuit breaker of Resilience4j decide. Only a backend that is unavailable counts
 * as a failure: one that denies a call, or refuses to serve us, is alive.
 *
 * @param circuitBreaker the circuit breaker
 * @since 0.1.0
 */
public record Resilience4jCircuit(CircuitBreaker circuitBreaker) implements Circuit {

	@Override
	public boolean tryEnter() {
		return this.circuitBreaker.tryAcquirePermission();
	}

	@Override
	public void answered(Duration took) {
		this.circuitBreaker.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
	}

	@Override
	public void failed(Duration took, ThreeScaleUnavailableException failure) {
		this.circuitBreaker.onError(took.toNanos(), TimeUnit.NANOSECONDS, failure);
	}

	@Override
	public void cancelled() {
		this.circuitBreaker.releasePermission();
	}

	@Override
	public State state() {
		return state(this.circuitBreaker.getState());
	}

	@Override
	public void onTransition(Consumer<State> listener) {
		this.circuitBreaker.getEventPublisher()
			.onStateTransition((event) -> listener.accept(state(event.getStateTransition().getToState())));
	}

	private static State state(CircuitBreaker.State state) {
		return switch (state) {
			case OPEN, FORCED_OPEN -> State.OPEN;
			case HALF_OPEN -> State.HALF_OPEN;
			case CLOSED, DISABLED, METRICS_ONLY -> State.CLOSED;
		};
	}

}

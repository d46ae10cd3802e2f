package io.threescale.spring.client.circuitbreaker;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.circuitbreaker.Circuit.State;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Stands before one backend, for the clients of all its services: asks nothing while the
 * circuit is open, says so once, and knows how the backend is.
 *
 * @since 0.1.0
 */
public final class BackendGuard {

	private static final Log logger = LogFactory.getLog(BackendGuard.class);

	private final Circuit circuit;

	private final URI url;

	private final Clock clock;

	private final AtomicReference<@Nullable Instant> openSince = new AtomicReference<>();

	/**
	 * Create a guard.
	 * @param circuit decides whether the backend is asked
	 * @param url where the backend is, for the log
	 * @param clock tells how long it does not answer
	 */
	public BackendGuard(Circuit circuit, URI url, Clock clock) {
		this.circuit = circuit;
		this.url = url;
		this.clock = clock;
		circuit.onTransition(this::changed);
	}

	/**
	 * Guard a client.
	 * @param client a client of the backend
	 * @return a client that fails at once while the circuit is open
	 */
	public ReactiveThreeScaleClient guard(ReactiveThreeScaleClient client) {
		return new GuardedThreeScaleClient(client, this);
	}

	/**
	 * Return the state of the circuit.
	 * @return the state now
	 */
	public State state() {
		return this.circuit.state();
	}

	Circuit circuit() {
		return this.circuit;
	}

	URI url() {
		return this.url;
	}

	private void changed(State state) {
		Instant now = this.clock.instant();
		if (state == State.OPEN && this.openSince.compareAndSet(null, now)) {
			logger.warn("3scale at " + this.url + " does not answer. It is asked only now and then until it does, and "
					+ "'threescale.failure-policy' decides about calls. Check whether it is up and can be reached; "
					+ "'threescale.connection' has the time limits.");
		}
		else if (state == State.CLOSED) {
			Instant since = this.openSince.getAndSet(null);
			if (since != null) {
				logger.info("3scale at " + this.url + " answers again, after "
						+ Duration.between(since, now).toSeconds() + " s.");
			}
		}
	}

}

package io.threescale.spring.autoconfigure;

import io.threescale.spring.metering.MeteringGate;

import org.springframework.context.SmartLifecycle;

/**
 * Has the calls settled that were answered before the web server has stopped, while usage
 * is still reported. Spring waits for that no longer than
 * {@code spring.lifecycle.timeout-per-shutdown-phase}.
 */
final class SettlementLifecycle implements SmartLifecycle {

	/** Between the web server, {@code DEFAULT_PHASE - 2048}, and the reports. */
	static final int PHASE = DEFAULT_PHASE - 3072;

	private final MeteringGate gate;

	private volatile boolean running;

	SettlementLifecycle(MeteringGate gate) {
		this.gate = gate;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public void stop(Runnable callback) {
		stop();
		this.gate.settled().subscribe(null, null, callback);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}

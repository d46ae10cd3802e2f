package io.threescale.spring.autoconfigure;

import java.time.Duration;
import java.util.function.Function;

import io.threescale.spring.client.batch.BatchingThreeScaleClient;

import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Runs a batching client and the one thread that reports. Usage is taken in before the
 * web server takes requests, and what is left is reported when it takes no more: lower
 * phases start earlier and stop later.
 */
final class ReportingLifecycle implements SmartLifecycle {

	/** The web server stops at {@code DEFAULT_PHASE - 2048}. */
	private static final int PHASE = DEFAULT_PHASE - 4096;

	private final ThreadPoolTaskScheduler thread = new ThreadPoolTaskScheduler();

	private final BatchingThreeScaleClient client;

	private final Duration timeout;

	/**
	 * Create the lifecycle, and the client on its thread. The scheduler is no bean, as
	 * the application might then take it for its own.
	 */
	ReportingLifecycle(Function<TaskScheduler, BatchingThreeScaleClient> client, Duration timeout) {
		this.thread.setThreadNamePrefix("threescale-");
		this.thread.setDaemon(true);
		this.thread.initialize();
		this.client = client.apply(this.thread);
		this.timeout = timeout;
	}

	BatchingThreeScaleClient client() {
		return this.client;
	}

	@Override
	public void start() {
		this.client.start();
	}

	@Override
	public void stop() {
		this.client.stop(this.timeout);
		this.thread.shutdown();
	}

	@Override
	public boolean isRunning() {
		return this.client.isRunning();
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}

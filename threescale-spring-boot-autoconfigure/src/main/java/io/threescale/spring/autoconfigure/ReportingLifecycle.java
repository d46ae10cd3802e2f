package io.threescale.spring.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.threescale.spring.client.batch.BatchingThreeScaleClient;

import org.springframework.context.SmartLifecycle;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Runs a batching client and its threads: one that reports, and one that writes to the
 * spool meanwhile. Usage is taken in before the web server takes requests, and what is
 * left is reported when it takes no more: lower phases start earlier and stop later.
 */
final class ReportingLifecycle implements SmartLifecycle {

	/** The web server stops at {@code DEFAULT_PHASE - 2048}. */
	static final int PHASE = DEFAULT_PHASE - 4096;

	private final ThreadPoolTaskScheduler threads = new ThreadPoolTaskScheduler();

	private final BatchingThreeScaleClient client;

	private final Duration timeout;

	/**
	 * Create the lifecycle, and the client on its threads. The scheduler is no bean, as
	 * the application might then take it for its own.
	 */
	ReportingLifecycle(Function<TaskScheduler, BatchingThreeScaleClient> client, Duration timeout) {
		this.threads.setThreadNamePrefix("threescale-");
		this.threads.setDaemon(true);
		this.threads.setPoolSize(2);
		this.threads.initialize();
		this.client = client.apply(this.threads);
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
		this.threads.shutdown();
	}

	@Override
	public boolean isRunning() {
		return this.client.isRunning();
	}

	@Override
	public void stop(Runnable callback) {
		stopBesides().whenComplete((done, ex) -> callback.run());
	}

	/**
	 * Stop while others do, so that one timeout is enough for all services. Spring waits
	 * for that no longer than a timeout of its own; closing the client waits for the
	 * rest.
	 * @return completes when it has stopped
	 */
	CompletableFuture<Void> stopBesides() {
		return CompletableFuture.runAsync(this::stop, new SimpleAsyncTaskExecutor("threescale-stop-"));
	}

	/**
	 * A client that was stopped does not start again, so usage is reported also while the
	 * context of a test waits for the next one.
	 */
	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}

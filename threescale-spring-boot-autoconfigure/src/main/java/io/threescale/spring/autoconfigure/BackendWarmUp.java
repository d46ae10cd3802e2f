package io.threescale.spring.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.threescale.spring.client.SharedBackend;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Goes the way to the backend once while the application starts, so that the first caller
 * does not wait for classes, a connection and TLS. It begins as soon as the factory is
 * there, and nothing fails by it.
 */
final class BackendWarmUp {

	/** Its bean is created early, unless beans are when they are needed. */
	static final String BEAN_NAME = "threeScaleBackendWarmUp";

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private static final Log logger = LogFactory.getLog(BackendWarmUp.class);

	private final CompletableFuture<SharedBackend> building = new CompletableFuture<>();

	BackendWarmUp(BackendFactory factory) {
		Thread thread = new Thread(() -> build(factory), "threescale-warm-up");
		thread.setDaemon(true);
		thread.start();
	}

	private void build(BackendFactory factory) {
		try {
			this.building.complete(factory.backend());
		}
		catch (Throwable ex) {
			this.building.completeExceptionally(ex);
		}
	}

	/**
	 * Ask the backend for its status, and wait for that, but not for long.
	 */
	void complete() {
		try {
			this.building.thenCompose((backend) -> backend.warmUp().toFuture())
				.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("The way to 3scale is not warm yet", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}

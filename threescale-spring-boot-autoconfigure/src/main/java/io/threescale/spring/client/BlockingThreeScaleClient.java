package io.threescale.spring.client;

import io.threescale.spring.Authorization;
import io.threescale.spring.ThreeScaleUnavailableException;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The blocking face of a {@link ReactiveThreeScaleClient}. Its time limits bound the
 * wait.
 */
record BlockingThreeScaleClient(ReactiveThreeScaleClient client) implements ThreeScaleClient {

	@Override
	public Authorization authorize(AuthorizationRequest request) {
		return await(this.client.authorize(request), false);
	}

	@Override
	public Authorization authRep(AuthorizationRequest request) {
		return await(this.client.authRep(request), true);
	}

	@Override
	public void report(ReportRequest request) {
		await(this.client.report(request).thenReturn(true), true);
	}

	@Override
	public void close() {
		this.client.close();
	}

	private static <T> T await(Mono<T> answer, boolean counts) {
		if (Schedulers.isInNonBlockingThread()) {
			// Mono.block() says so too, but only after the request has left
			throw new IllegalStateException("Thread '" + Thread.currentThread().getName()
					+ "' must not wait for 3scale; use a ReactiveThreeScaleClient");
		}
		try {
			@Nullable T value = answer.block();
			if (value == null) {
				throw new IllegalStateException("A client must answer");
			}
			return value;
		}
		catch (RuntimeException ex) {
			if (Exceptions.unwrap(ex) instanceof InterruptedException interruption) {
				Thread.currentThread().interrupt();
				throw new ThreeScaleUnavailableException("Interrupted while waiting for 3scale", counts, interruption);
			}
			throw ex;
		}
	}

}

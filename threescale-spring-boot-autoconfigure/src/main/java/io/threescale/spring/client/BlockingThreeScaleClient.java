package io.threescale.spring.client;

import io.threescale.spring.Authorization;
import io.threescale.spring.ThreeScaleUnavailableException;
import reactor.core.publisher.Mono;

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
		return WaitingThread.await(answer, "3scale; use a ReactiveThreeScaleClient",
				(ex) -> new ThreeScaleUnavailableException("Interrupted while waiting for 3scale", counts, ex));
	}

}

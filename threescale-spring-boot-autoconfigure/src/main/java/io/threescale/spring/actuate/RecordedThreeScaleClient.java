package io.threescale.spring.actuate;

import io.threescale.spring.Authorization;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import reactor.core.publisher.Mono;

/**
 * Notes what comes of calls.
 *
 * @param client the client that does the work
 * @param history where it is noted
 */
record RecordedThreeScaleClient(ReactiveThreeScaleClient client,
		BackendHistory history) implements ReactiveThreeScaleClient {

	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return recorded(request, this.client.authorize(request));
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return recorded(request, this.client.authRep(request));
	}

	@Override
	public Mono<Void> report(ReportRequest request) {
		return this.client.report(request)
			.doOnSuccess((accepted) -> this.history.accepted())
			.doOnError(this.history::failed);
	}

	private Mono<Authorization> recorded(AuthorizationRequest request, Mono<Authorization> call) {
		return call.doOnNext((answer) -> this.history.answered(request, answer)).doOnError(this.history::failed);
	}

	@Override
	public void close() {
		this.client.close();
	}

}

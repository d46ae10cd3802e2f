package io.threescale.spring.client.reporting;

import io.threescale.spring.Authorization;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import reactor.core.publisher.Mono;

/**
 * Asks 3scale, and learns from each answer: that 3scale is there, what it has, and what
 * time it is.
 *
 * @param client asks 3scale
 * @param outage is over when 3scale answers
 * @param known the applications and metrics that 3scale has
 * @param window the times that 3scale takes
 */
record LearningThreeScaleClient(ReactiveThreeScaleClient client, Outage outage, KnownApplications known,
		ReportWindow window) implements ReactiveThreeScaleClient {

	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return learning(request, this.client.authorize(request));
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return learning(request, this.client.authRep(request));
	}

	private Mono<Authorization> learning(AuthorizationRequest request, Mono<Authorization> answer) {
		return answer.doOnNext((authorization) -> {
			this.outage.answered();
			this.known.learn(request, authorization);
			this.window.learn(authorization);
		}).doOnError(ThreeScaleException.class, (failure) -> {
			if (ReportFailure.isAnswer(failure)) {
				this.outage.answered();
			}
			this.known.metrics().learn(request, failure);
		});
	}

	@Override
	public Mono<Void> report(ReportRequest request) {
		return this.client.report(request);
	}

	@Override
	public void close() {
		this.client.close();
	}

}

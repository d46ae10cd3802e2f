package io.threescale.spring.client.circuitbreaker;

import java.util.concurrent.atomic.AtomicBoolean;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.threescale.spring.Authorization;
import io.threescale.spring.PartialReportException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import reactor.core.publisher.Mono;

/**
 * Asks 3scale nothing while a circuit breaker is open. Only a backend that is unavailable
 * counts as a failure: one that denies a call, or refuses to serve us, is alive.
 *
 * @since 0.1.0
 */
public final class CircuitBreakingThreeScaleClient implements ReactiveThreeScaleClient {

	private final ReactiveThreeScaleClient client;

	private final CircuitBreaker circuitBreaker;

	/**
	 * Guard a client.
	 * @param client the client that does the work
	 * @param circuitBreaker decides when it is given a rest
	 */
	public CircuitBreakingThreeScaleClient(ReactiveThreeScaleClient client, CircuitBreaker circuitBreaker) {
		this.client = client;
		this.circuitBreaker = circuitBreaker;
	}

	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return guard(this.client.authorize(request));
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return guard(this.client.authRep(request));
	}

	@Override
	public Mono<Void> report(ReportRequest request) {
		return guard(this.client.report(request));
	}

	@Override
	public void close() {
		this.client.close();
	}

	private <T> Mono<T> guard(Mono<T> call) {
		return Mono.defer(() -> {
			if (!this.circuitBreaker.tryAcquirePermission()) {
				return Mono.error(new ThreeScaleUnavailableException(
						"3scale is not asked while circuit breaker '" + this.circuitBreaker.getName() + "' is open",
						false, null));
			}
			long start = this.circuitBreaker.getCurrentTimestamp();
			AtomicBoolean over = new AtomicBoolean();
			return call.doOnTerminate(() -> over.set(true))
				.doOnSuccess((answer) -> succeed(start))
				.doOnError((ex) -> fail(start, ex))
				.doOnCancel(() -> cancel(over.get()));
		});
	}

	private void succeed(long start) {
		this.circuitBreaker.onSuccess(this.circuitBreaker.getCurrentTimestamp() - start,
				this.circuitBreaker.getTimestampUnit());
	}

	/**
	 * Who takes an answer may cancel nevertheless.
	 */
	private void cancel(boolean over) {
		if (!over) {
			this.circuitBreaker.releasePermission();
		}
	}

	private void fail(long start, Throwable ex) {
		Throwable failure = (ex instanceof PartialReportException partial) ? partial.failure() : ex;
		if (failure instanceof ThreeScaleUnavailableException) {
			this.circuitBreaker.onError(this.circuitBreaker.getCurrentTimestamp() - start,
					this.circuitBreaker.getTimestampUnit(), ex);
		}
		else {
			succeed(start);
		}
	}

}

package io.threescale.spring.client.circuitbreaker;

import java.time.Duration;
import java.util.function.Supplier;

import io.threescale.spring.Authorization;
import io.threescale.spring.PartialReportException;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import reactor.core.observability.DefaultSignalListener;
import reactor.core.publisher.Mono;

/**
 * Asks 3scale nothing while the circuit is open.
 *
 * @param client the client that does the work
 * @param guard the guard of its backend
 */
record GuardedThreeScaleClient(ReactiveThreeScaleClient client,
		BackendGuard guard) implements ReactiveThreeScaleClient {

	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return guarded(() -> this.client.authorize(request));
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return guarded(() -> this.client.authRep(request));
	}

	@Override
	public Mono<Void> report(ReportRequest request) {
		return guarded(() -> this.client.report(request));
	}

	@Override
	public void close() {
		this.client.close();
	}

	private <T> Mono<T> guarded(Supplier<Mono<T>> call) {
		return Mono.defer(() -> {
			if (this.guard.circuit().tryEnter()) {
				return Mono.defer(call).tap(() -> new Call<>(this.guard));
			}
			return Mono.error(new ThreeScaleUnavailableException(
					"3scale at " + this.guard.url() + " is not asked for a few seconds, as it did not answer", false,
					null));
		});
	}

	/**
	 * Tells how one call went, once: who takes an answer may cancel nevertheless.
	 */
	private static final class Call<T> extends DefaultSignalListener<T> {

		private final BackendGuard guard;

		private final long start = System.nanoTime();

		private boolean over;

		Call(BackendGuard guard) {
			this.guard = guard;
		}

		@Override
		public void doOnNext(T answer) {
			answered();
		}

		@Override
		public void doOnComplete() {
			answered();
		}

		@Override
		public void doOnError(Throwable ex) {
			Throwable failure = (ex instanceof PartialReportException partial) ? partial.failure() : ex;
			if (failure instanceof ThreeScaleUnavailableException unavailable) {
				this.over = true;
				this.guard.circuit().failed(took(), unavailable);
			}
			else if (failure instanceof ThreeScaleException) {
				answered();
			}
			else {
				doOnCancel();
			}
		}

		@Override
		public void doOnCancel() {
			if (!this.over) {
				this.over = true;
				this.guard.circuit().cancelled();
			}
		}

		private void answered() {
			if (!this.over) {
				this.over = true;
				this.guard.circuit().answered(took());
			}
		}

		private Duration took() {
			return Duration.ofNanos(System.nanoTime() - this.start);
		}

	}

}

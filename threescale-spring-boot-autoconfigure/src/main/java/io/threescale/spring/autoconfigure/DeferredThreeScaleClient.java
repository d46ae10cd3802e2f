package io.threescale.spring.autoconfigure;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

import io.threescale.spring.Authorization;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A client that is built when it is needed: what it takes to speak HTTP and XML would be
 * a good part of the start of an application.
 */
final class DeferredThreeScaleClient implements ReactiveThreeScaleClient {

	private final Supplier<ReactiveThreeScaleClient> builder;

	private final Lock building = new ReentrantLock();

	private volatile @Nullable ReactiveThreeScaleClient client;

	private volatile boolean closed;

	DeferredThreeScaleClient(Supplier<ReactiveThreeScaleClient> builder) {
		this.builder = builder;
	}

	/**
	 * Build the client, if that is not done yet.
	 */
	ReactiveThreeScaleClient client() {
		ReactiveThreeScaleClient built = this.client;
		return (built != null) ? built : build();
	}

	private ReactiveThreeScaleClient build() {
		this.building.lock();
		try {
			ReactiveThreeScaleClient built = this.client;
			if (built == null) {
				built = this.builder.get();
				if (this.closed) {
					built.close();
				}
				this.client = built;
			}
			return built;
		}
		finally {
			this.building.unlock();
		}
	}

	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return with((built) -> built.authorize(request));
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return with((built) -> built.authRep(request));
	}

	@Override
	public Mono<Void> report(ReportRequest request) {
		return with((built) -> built.report(request));
	}

	/**
	 * Building takes a while, which no event loop should wait for.
	 */
	private <T> Mono<T> with(Function<ReactiveThreeScaleClient, Mono<T>> call) {
		ReactiveThreeScaleClient built = this.client;
		return (built != null) ? call.apply(built)
				: Mono.fromCallable(this::client).subscribeOn(Schedulers.boundedElastic()).flatMap(call);
	}

	@Override
	public void close() {
		this.building.lock();
		try {
			this.closed = true;
			ReactiveThreeScaleClient built = this.client;
			if (built != null) {
				built.close();
			}
		}
		finally {
			this.building.unlock();
		}
	}

}

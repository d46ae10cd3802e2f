package io.threescale.spring.autoconfigure;

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
 * A client whose connections are built when they are needed. Whoever owns them closes
 * them.
 */
final class DeferredThreeScaleClient implements ReactiveThreeScaleClient {

	private final Supplier<ReactiveThreeScaleClient> builder;

	private volatile @Nullable ReactiveThreeScaleClient client;

	DeferredThreeScaleClient(Supplier<ReactiveThreeScaleClient> builder) {
		this.builder = builder;
	}

	private ReactiveThreeScaleClient build() {
		ReactiveThreeScaleClient built = this.builder.get();
		this.client = built;
		return built;
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
				: Mono.fromCallable(this::build).subscribeOn(Schedulers.boundedElastic()).flatMap(call);
	}

	@Override
	public void close() {
	}

}

package io.threescale.spring.metering;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Does work that goes on by itself as part of a call, and settles the call when the work
 * is done, has failed or is cancelled.
 *
 * @param gate settles the call
 * @param call the call, which the work finds by {@link MeteredCall#current()}
 * @since 0.1.0
 */
public record MeteredWork(MeteringGate gate, MeteredCall call) {

	/**
	 * Do work that has one result, which may be measured.
	 * @param <T> the type of the result
	 * @param work what to do
	 * @return the result
	 */
	public <T> Mono<T> of(Mono<T> work) {
		AtomicReference<@Nullable Object> result = new AtomicReference<>();
		return settled(work.doOnNext(result::set).flux(), result::get).singleOrEmpty();
	}

	/**
	 * Do work that has many results, which are not collected.
	 * @param <T> the type of the results
	 * @param work what to do
	 * @return the results
	 */
	public <T> Flux<T> of(Flux<T> work) {
		return settled(work, () -> null);
	}

	private <T> Flux<T> settled(Flux<T> work, Supplier<@Nullable Object> result) {
		AtomicBoolean failed = new AtomicBoolean();
		return work.contextWrite(MeteredCall.into(() -> this.call))
			.doOnError((ex) -> failed.set(true))
			.doFinally((signal) -> this.gate.settle(this.call, CompletedCall.ofWork(failed.get(), result.get())));
	}

}

package io.threescale.spring.metering;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;

/**
 * Does work as part of a call, and settles the call when the work is done, has failed or
 * is cancelled.
 *
 * @param gate settles the call
 * @param currentCalls hears of the call while a thread does the work
 * @param call the call
 * @since 0.1.0
 */
@ApiStatus.Internal
public record MeteredWork(MeteringGate gate, CurrentCalls currentCalls, MeteredCall call) {

	/**
	 * Work that a thread does.
	 *
	 * @param <T> the type of the result
	 * @param <E> what it fails with
	 */
	@FunctionalInterface
	public interface Work<T extends @Nullable Object, E extends Throwable> {

		/**
		 * Do the work.
		 * @return the result
		 * @throws E if it fails
		 */
		T call() throws E;

	}

	private static final ReactiveAdapterRegistry ADAPTERS = ReactiveAdapterRegistry.getSharedInstance();

	/**
	 * Do work on this thread. If its result comes later, as that of a future or a
	 * publisher does, the work is done then.
	 * @param <T> the type of the result
	 * @param <E> what it fails with
	 * @param work what to do
	 * @return the result
	 * @throws E if it fails
	 */
	public <T extends @Nullable Object, E extends Throwable> T of(Work<T, E> work) throws E {
		CurrentCall before = this.currentCalls.bind(CurrentCall.of(this.call));
		T result;
		try {
			result = work.call();
		}
		catch (Throwable ex) {
			settle(true, null);
			throw ex;
		}
		finally {
			this.currentCalls.bind(before);
		}
		ReactiveAdapter adapter = (result != null) ? adapter(result.getClass()) : null;
		if (adapter != null) {
			return later(result, adapter);
		}
		settle(false, result);
		return result;
	}

	/**
	 * Find the adapter of the nearest type, which makes a result of that type again: a
	 * {@code Flowable} of RxJava is a publisher as well.
	 */
	private static @Nullable ReactiveAdapter adapter(Class<?> type) {
		for (Class<?> nearest = type; nearest != null; nearest = nearest.getSuperclass()) {
			ReactiveAdapter adapter = ADAPTERS.getAdapter(nearest);
			if (adapter != null && adapter.getReactiveType() == nearest) {
				return adapter;
			}
		}
		return ADAPTERS.getAdapter(type);
	}

	/**
	 * Hear of the end of a result that comes by itself, or have it heard of by those who
	 * subscribe to it.
	 */
	@SuppressWarnings("unchecked")
	private <T extends @Nullable Object> T later(T result, ReactiveAdapter adapter) {
		Flux<Object> settled = of(adapter.toPublisher(result), adapter);
		if (adapter.getDescriptor().isDeferred()) {
			return (T) adapter.fromPublisher(settled);
		}
		settled.subscribe((value) -> {
		}, (ex) -> {
		});
		return result;
	}

	/**
	 * Do work that has results of the type of an adapter.
	 * @param work what to do
	 * @param adapter tells whether there are many results
	 * @return the results
	 */
	public Flux<Object> of(Publisher<Object> work, ReactiveAdapter adapter) {
		return adapter.isMultiValue() ? of(Flux.from(work)) : of(Flux.from(work).singleOrEmpty()).flux();
	}

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
		return work.contextWrite(CurrentCall.of(this.call)::into)
			.doOnError((ex) -> failed.set(true))
			.doFinally((signal) -> settle(failed.get(), result.get()));
	}

	private void settle(boolean failed, @Nullable Object result) {
		this.gate.settle(this.call, CompletedCall.ofWork(failed, result));
	}

}

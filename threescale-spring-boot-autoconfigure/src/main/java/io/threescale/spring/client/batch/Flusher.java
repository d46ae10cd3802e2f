package io.threescale.spring.client.batch;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.threescale.spring.ApplicationCredentials;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Delivers what is pending, of all applications or of one, and stops trying when it is no
 * use. A caller who gives up waiting does not stop it.
 */
final class Flusher {

	private final UsageBuffer buffer;

	private final BatchPlanner planner;

	private final Courier courier;

	private final DeadLetters deadLetters;

	private final int concurrency;

	private final Scheduler scheduler;

	private volatile boolean stopped;

	Flusher(UsageBuffer buffer, BatchPlanner planner, Courier courier, DeadLetters deadLetters, int concurrency,
			Scheduler scheduler) {
		this.buffer = buffer;
		this.planner = planner;
		this.courier = courier;
		this.deadLetters = deadLetters;
		this.concurrency = concurrency;
		this.scheduler = scheduler;
	}

	/**
	 * Deliver everything, and wait for what somebody else is delivering.
	 */
	Mono<Progress> flush() {
		return detached(
				deliver(() -> this.buffer.applications().pending(), () -> this.buffer.applications().underWay()));
	}

	Mono<Progress> flush(ApplicationCredentials application) {
		ApplicationBuffer pending = this.buffer.applications().get(application);
		if (pending == null) {
			return Mono.just(Progress.CLEAR);
		}
		return detached(deliver(() -> List.copyOf(pending.pending()), () -> pending.underWay().stream()));
	}

	/**
	 * Leave what is pending to somebody else. What is under way goes on.
	 */
	void stop() {
		this.stopped = true;
	}

	/**
	 * Deliver, and wait for what somebody else had begun before, which may come back, and
	 * has begun meanwhile, which was not left for us.
	 */
	private Mono<Progress> deliver(Supplier<Collection<Aggregate>> pending, Supplier<Stream<Shipment>> underWay) {
		return Mono.defer(() -> {
			List<Shipment> before = underWay.get().toList();
			return deliver(pending.get())
				.flatMap((progress) -> Flux.fromStream(Stream.concat(before.stream(), underWay.get()))
					.flatMap(Shipment::fate)
					.reduce(progress, Progress::worse));
		});
	}

	private Mono<Progress> deliver(Collection<Aggregate> pending) {
		Map<Boolean, List<Aggregate>> byWindow = pending.stream()
			.collect(Collectors
				.partitioningBy((aggregate) -> this.deadLetters.isOutsideWindow(aggregate.slot().time())));
		AtomicReference<Progress> worst = new AtomicReference<>(Progress.CLEAR);
		return this.courier.bury(byWindow.getOrDefault(true, List.of()))
			.thenMany(Flux.fromIterable(this.planner.plan(byWindow.getOrDefault(false, List.of()))))
			.flatMap((batch) -> deliver(batch, worst), this.concurrency)
			.then(Mono.fromSupplier(worst::get));
	}

	private Mono<Progress> deliver(List<Aggregate> batch, AtomicReference<Progress> worst) {
		if (this.stopped || worst.get().isHalt()) {
			worst.accumulateAndGet(Progress.HALTED, Progress::worse);
			return Mono.empty();
		}
		return this.courier.deliver(batch).doOnNext((progress) -> worst.accumulateAndGet(progress, Progress::worse));
	}

	private <T> Mono<T> detached(Mono<T> work) {
		return Mono.defer(() -> {
			Sinks.One<T> outcome = Sinks.one();
			work.subscribeOn(this.scheduler)
				.subscribe(outcome::tryEmitValue, outcome::tryEmitError, outcome::tryEmitEmpty);
			return outcome.asMono();
		});
	}

}

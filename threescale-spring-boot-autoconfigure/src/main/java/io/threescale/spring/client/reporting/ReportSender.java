package io.threescale.spring.client.reporting;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Sends what is pending, one batch after the other: of all applications, or before that
 * of those somebody waits for. As no two batches are under way at the same time, no more
 * than one is at risk when 3scale goes away. A caller who gives up waiting does not stop
 * a delivery.
 */
final class ReportSender {

	private static final Log logger = LogFactory.getLog(BatchingThreeScaleClient.class);

	private final UsageBook book;

	private final BatchPlanner planner;

	private final BatchDelivery delivery;

	private final Scheduler scheduler;

	/** Applications somebody waits for, whose delivery has not begun. */
	private Map<ApplicationUsage, Sinks.One<Delivery>> requested = new LinkedHashMap<>();

	private @Nullable Flush requestedFlush;

	private @Nullable Flush currentFlush;

	private boolean running;

	ReportSender(UsageBook book, BatchPlanner planner, BatchDelivery delivery, Scheduler scheduler) {
		this.book = book;
		this.planner = planner;
		this.delivery = delivery;
		this.scheduler = scheduler;
	}

	/**
	 * The delivery of everything that is pending when it begins.
	 */
	private static final class Flush {

		private final Sinks.One<Delivery> outcome = Sinks.one();

		private final Deque<List<Counter>> batches = new ArrayDeque<>();

		/** Counters 3scale has been asked about, to share requests now. */
		private final List<Counter> verified = new ArrayList<>();

		private boolean verifying = true;

		private Delivery worst = Delivery.COMPLETE;

	}

	/**
	 * Deliver everything.
	 * @return how it went; does not fail
	 */
	Mono<Delivery> flush() {
		return Mono.defer(() -> {
			Flush flush;
			synchronized (this) {
				flush = (this.requestedFlush != null) ? this.requestedFlush : new Flush();
				this.requestedFlush = flush;
			}
			run();
			return flush.outcome.asMono();
		});
	}

	/**
	 * Deliver what one application has used, before anything else.
	 * @return how it went; does not fail
	 */
	Mono<Delivery> deliver(ApplicationUsage usage) {
		return Mono.defer(() -> {
			if (!usage.hasOpen()) {
				return Mono.just(Delivery.COMPLETE);
			}
			if (this.delivery.isHalted()) {
				return Mono.just(Delivery.HALTED);
			}
			Sinks.One<Delivery> outcome;
			synchronized (this) {
				outcome = this.requested.computeIfAbsent(usage, (absent) -> Sinks.one());
			}
			run();
			return outcome.asMono();
		});
	}

	/**
	 * Leave what is pending to the last flush. The batch that is being sent goes on.
	 */
	synchronized void stop() {
		Flush current = this.currentFlush;
		this.currentFlush = null;
		if (current != null) {
			current.outcome.tryEmitValue(Delivery.INCOMPLETE);
		}
	}

	/**
	 * Bound each request by the time that is left.
	 */
	void endWithin(Duration time) {
		this.delivery.endWithin(time);
	}

	private void run() {
		synchronized (this) {
			if (this.running) {
				return;
			}
			this.running = true;
		}
		Flux.<Mono<?>>generate((sink) -> {
			Mono<?> next = next();
			if (next != null) {
				sink.next(next);
			}
			else {
				sink.complete();
			}
		}).concatMap((work) -> work, 0).subscribeOn(this.scheduler).subscribe((done) -> {
		}, this::failed);
	}

	/**
	 * Nothing is to wait for good, whatever has gone wrong.
	 */
	private void failed(Throwable failure) {
		logger.error("Usage could not be reported for an unforeseen reason", failure);
		List<Sinks.One<Delivery>> waiting;
		synchronized (this) {
			waiting = new ArrayList<>(this.requested.values());
			this.requested.clear();
			for (Flush flush : Arrays.asList(this.currentFlush, this.requestedFlush)) {
				if (flush != null) {
					waiting.add(flush.outcome);
				}
			}
			this.currentFlush = null;
			this.requestedFlush = null;
			this.running = false;
		}
		end(waiting, Delivery.HALTED);
	}

	/**
	 * Return what is to be done next, or {@code null} if there is nothing.
	 */
	private synchronized @Nullable Mono<?> next() {
		if (!this.requested.isEmpty()) {
			Map<ApplicationUsage, Sinks.One<Delivery>> applications = this.requested;
			this.requested = new LinkedHashMap<>();
			return deliver(applications);
		}
		if (this.currentFlush != null) {
			return goOn(this.currentFlush);
		}
		if (this.requestedFlush != null) {
			this.currentFlush = this.requestedFlush;
			this.requestedFlush = null;
			return begin(this.currentFlush);
		}
		this.running = false;
		return null;
	}

	private Mono<?> begin(Flush flush) {
		return Mono.defer(() -> {
			flush.batches.addAll(plan(this.book.pending()));
			return flush.batches.isEmpty() ? Mono.empty()
					: this.delivery.resume(flush.batches.getFirst().get(0).owner().application());
		}).doOnNext((alive) -> {
			if (!alive) {
				flush.worst = Delivery.HALTED;
			}
		});
	}

	private Mono<?> goOn(Flush flush) {
		if (flush.worst.isHalt() || (flush.batches.isEmpty() && flush.verified.isEmpty())) {
			this.currentFlush = null;
			return Mono.fromRunnable(() -> flush.outcome.tryEmitValue(flush.worst));
		}
		return Mono.defer(() -> proceed(flush)).doOnNext((progress) -> flush.worst = flush.worst.worse(progress));
	}

	/**
	 * Send the next batch, or ask about it. What 3scale has been asked about shares
	 * requests at the end.
	 */
	private Mono<Delivery> proceed(Flush flush) {
		if (flush.batches.isEmpty()) {
			flush.verifying = false;
			flush.batches.addAll(plan(flush.verified));
			flush.verified.clear();
		}
		List<Counter> batch = flush.batches.poll();
		if (batch == null) {
			return Mono.empty();
		}
		if (flush.verifying && this.delivery.isDoubtful(batch)) {
			flush.verified.addAll(batch);
			return this.delivery.verify(batch);
		}
		return this.delivery.deliver(batch);
	}

	private Mono<?> deliver(Map<ApplicationUsage, Sinks.One<Delivery>> applications) {
		return Mono.defer(() -> {
			List<Counter> pending = new ArrayList<>();
			applications.keySet().forEach((usage) -> pending.addAll(usage.snapshotPending()));
			return Flux.fromIterable(plan(pending))
				.concatMap(this::deliver)
				.reduce(Delivery.COMPLETE, Delivery::worse)
				.doOnError((failure) -> end(applications.values(), Delivery.HALTED))
				.doOnNext((worst) -> end(applications.values(), worst));
		});
	}

	private Mono<Delivery> deliver(List<Counter> batch) {
		if (this.delivery.isHalted()) {
			return Mono.just(Delivery.HALTED);
		}
		return this.delivery.isDoubtful(batch)
				? this.delivery.verify(batch)
					.flatMap((verified) -> verified.isHalt() ? Mono.just(verified) : this.delivery.deliver(batch))
				: this.delivery.deliver(batch);
	}

	private static void end(Collection<Sinks.One<Delivery>> outcomes, Delivery delivery) {
		outcomes.forEach((outcome) -> outcome.tryEmitValue(delivery));
	}

	private List<List<Counter>> plan(Collection<Counter> pending) {
		return this.planner.plan(this.delivery.due(pending));
	}

}

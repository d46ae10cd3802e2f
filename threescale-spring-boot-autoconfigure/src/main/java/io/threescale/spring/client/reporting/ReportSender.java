package io.threescale.spring.client.reporting;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.client.reporting.BatchDelivery.Outcome;
import io.threescale.spring.client.reporting.Counter.State;
import io.threescale.spring.client.reporting.DeadLetter.Reason;
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

	private final LearningThreeScaleClient client;

	private final UsageBook book;

	private final BatchPlanner planner;

	private final BatchDelivery delivery;

	private final ReportWindow window;

	private final Scheduler scheduler;

	/** Flushes of applications somebody waits for: one under way, and the next one. */
	private final Deque<Flush> urgent = new ArrayDeque<>(2);

	/** Flushes of everything: one under way, and the next one. */
	private final Deque<Flush> regular = new ArrayDeque<>(2);

	private boolean running;

	ReportSender(LearningThreeScaleClient client, UsageBook book, BatchPlanner planner, BatchDelivery delivery,
			ReportWindow window, Scheduler scheduler) {
		this.client = client;
		this.book = book;
		this.planner = planner;
		this.delivery = delivery;
		this.window = window;
		this.scheduler = scheduler;
	}

	/**
	 * The delivery of what is pending when it begins.
	 */
	private static final class Flush {

		/** Whose usage is delivered; that of all applications if there are none. */
		private final Set<ApplicationUsage> applications = new LinkedHashSet<>();

		private final Deque<List<Counter>> batches = new ArrayDeque<>();

		/** Counters 3scale has been asked about, to share requests at the end. */
		private final List<Counter> verified = new ArrayList<>();

		private final Sinks.One<Outcome> outcome = Sinks.one();

		private Outcome worst = Outcome.COMPLETE;

		private boolean begun;

		private boolean verifying = true;

		private boolean stopped;

		private boolean isOver() {
			return this.stopped || this.worst.isHalt() || (this.batches.isEmpty() && this.verified.isEmpty());
		}

	}

	/**
	 * Deliver everything.
	 * @return how it went; does not fail
	 */
	Mono<Outcome> flush() {
		return Mono.defer(() -> join(this.regular, null));
	}

	/**
	 * Deliver what one application has used, before anything else.
	 * @return fails with a {@link ThreeScaleUnavailableException} if some of it is still
	 * pending
	 */
	Mono<Void> deliver(ApplicationCredentials application) {
		return Mono.defer(() -> {
			ApplicationUsage usage = this.book.find(this.book.hasher().application(application));
			if (usage == null || !usage.hasOpen()) {
				return Mono.just(Outcome.COMPLETE);
			}
			return this.client.isAway() ? Mono.just(Outcome.HALTED) : join(this.urgent, usage);
		})
			.flatMap((outcome) -> (outcome == Outcome.COMPLETE) ? Mono.empty()
					: Mono.error(new ThreeScaleUnavailableException("Usage could not be reported yet", false, null)));
	}

	private Mono<Outcome> join(Deque<Flush> queue, @Nullable ApplicationUsage application) {
		Flush flush;
		boolean idle;
		synchronized (this) {
			Flush last = queue.peekLast();
			flush = (last != null && !last.begun) ? last : new Flush();
			if (flush != last) {
				queue.add(flush);
			}
			if (application != null) {
				flush.applications.add(application);
			}
			idle = !this.running;
			this.running = true;
		}
		if (idle) {
			run();
		}
		return flush.outcome.asMono();
	}

	/**
	 * Leave what is pending to the next flush. The batch that is being sent goes on.
	 */
	synchronized void stop() {
		Flush current = this.regular.peek();
		if (current != null && current.begun) {
			current.stopped = true;
		}
	}

	private void run() {
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
		List<Flush> waiting;
		synchronized (this) {
			waiting = new ArrayList<>(this.urgent);
			waiting.addAll(this.regular);
			this.urgent.clear();
			this.regular.clear();
			this.running = false;
		}
		waiting.forEach((flush) -> flush.outcome.tryEmitValue(Outcome.HALTED));
	}

	/**
	 * Return what is to be done next, or {@code null} if there is nothing.
	 */
	private synchronized @Nullable Mono<?> next() {
		Deque<Flush> queue = this.urgent.isEmpty() ? this.regular : this.urgent;
		Flush flush = queue.peek();
		if (flush == null) {
			this.running = false;
			return null;
		}
		if (!flush.begun) {
			flush.begun = true;
			return begin(flush);
		}
		if (flush.isOver()) {
			queue.remove();
			return Mono.fromRunnable(() -> flush.outcome
				.tryEmitValue(flush.stopped ? Outcome.INCOMPLETE.worse(flush.worst) : flush.worst));
		}
		return Mono.defer(() -> proceed(flush)).doOnNext((outcome) -> flush.worst = flush.worst.worse(outcome));
	}

	/**
	 * Find out what is to be sent. Where somebody waits, 3scale is not asked whether it
	 * is back.
	 */
	private Mono<?> begin(Flush flush) {
		return Mono.defer(() -> {
			flush.batches.addAll(this.planner.plan(due(flush)));
			if (flush.batches.isEmpty() || !this.client.isAway()) {
				return Mono.empty();
			}
			ApplicationCredentials any = flush.batches.element().get(0).owner().application();
			return flush.applications.isEmpty() ? this.client.isThere(any).publishOn(this.scheduler) : Mono.just(false);
		}).doOnNext((there) -> flush.worst = there ? Outcome.COMPLETE : Outcome.HALTED);
	}

	/**
	 * Return what can be sent now. What 3scale takes no more is given up; what it does
	 * not take yet, as a clock was ahead, waits.
	 */
	private List<Counter> due(Flush flush) {
		List<Counter> pending = new ArrayList<>();
		if (flush.applications.isEmpty()) {
			this.book.forEachOpen(pending::add);
		}
		flush.applications.forEach((application) -> application.forEachOpen(pending::add));
		pending.removeIf((counter) -> !counter.is(State.PENDING) || this.window.isTooNew(counter.key().time()));
		pending.removeIf((counter) -> this.window.isTooOld(counter.key().time())
				&& this.delivery.giveUp(counter, Reason.OUTSIDE_WINDOW, null));
		return pending;
	}

	/**
	 * Send the next batch, or ask about it. What 3scale has been asked about shares
	 * requests at the end.
	 */
	private Mono<Outcome> proceed(Flush flush) {
		if (flush.batches.isEmpty()) {
			flush.verifying = false;
			flush.batches.addAll(this.planner.plan(flush.verified));
			flush.verified.clear();
		}
		List<Counter> batch = flush.batches.remove();
		if (flush.verifying && !this.planner.isKnown(batch)) {
			flush.verified.addAll(batch);
			return this.delivery.verify(batch);
		}
		return this.delivery.deliver(batch);
	}

}

package io.threescale.spring.client.batch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;

import io.threescale.spring.client.QuietLog;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Decides when to flush: now and then, at once when much is pending, and less and less
 * often while that fails.
 */
final class FlushTimer {

	private static final double SPREAD = 0.1;

	private final Flusher flusher;

	private final Tally tally;

	private final QuietLog log;

	private final TaskScheduler scheduler;

	private final Clock clock;

	private final DoubleSupplier random;

	private final Duration interval;

	private final ExponentialBackOff backOff;

	private final AtomicBoolean requested = new AtomicBoolean();

	private final AtomicBoolean running = new AtomicBoolean();

	private volatile BackOffExecution failures;

	private volatile Instant notBefore = Instant.MIN;

	private volatile boolean stopped = true;

	private volatile @Nullable Future<?> next;

	FlushTimer(Flusher flusher, Tally tally, QuietLog log, BatchingSettings settings, TaskScheduler scheduler,
			Clock clock, DoubleSupplier random) {
		this.flusher = flusher;
		this.tally = tally;
		this.log = log;
		this.scheduler = scheduler;
		this.clock = clock;
		this.random = random;
		this.interval = settings.flushInterval();
		this.backOff = new ExponentialBackOff(settings.initialBackoff().toMillis(), 2);
		this.backOff.setMaxInterval(settings.maxBackoff().toMillis());
		this.failures = this.backOff.start();
	}

	void start() {
		this.stopped = false;
		scheduleNext();
	}

	void stop() {
		this.stopped = true;
		Future<?> next = this.next;
		if (next != null) {
			next.cancel(false);
		}
	}

	/**
	 * Flush soon, unless the last one has failed just now.
	 */
	void request() {
		if (!this.stopped && !isWaiting() && this.requested.compareAndSet(false, true)) {
			schedule(this::run, this.clock.instant());
		}
	}

	private boolean isWaiting() {
		return this.clock.instant().isBefore(this.notBefore);
	}

	private void tick() {
		try {
			run();
		}
		finally {
			scheduleNext();
		}
	}

	private void scheduleNext() {
		double spread = 1 + SPREAD * (2 * this.random.getAsDouble() - 1);
		Duration delay = Duration.ofMillis(Math.max(1, (long) (this.interval.toMillis() * spread)));
		this.next = schedule(this::tick, this.clock.instant().plus(delay));
	}

	private @Nullable Future<?> schedule(Runnable task, Instant time) {
		if (this.stopped) {
			return null;
		}
		try {
			return this.scheduler.schedule(task, time);
		}
		catch (TaskRejectedException ex) {
			this.log.warn("rejected", () -> "The task scheduler takes no more tasks; usage is reported on shutdown");
			return null;
		}
	}

	private void run() {
		if (this.stopped || isWaiting() || !this.running.compareAndSet(false, true)) {
			return;
		}
		this.requested.set(false);
		this.flusher.flush().subscribe(this::ended, this::failed);
	}

	private void failed(Throwable failure) {
		this.log.error("flush", () -> "A flush of usage has failed in an unforeseen way", failure);
		ended(Progress.HALTED);
	}

	private void ended(Progress progress) {
		boolean everything = progress == Progress.CLEAR;
		this.tally.flushed(everything);
		if (everything) {
			this.failures = this.backOff.start();
			this.running.set(false);
			if (this.requested.get()) {
				run();
			}
			return;
		}
		this.requested.set(false);
		this.notBefore = this.clock.instant().plusMillis(this.failures.nextBackOff());
		this.running.set(false);
		schedule(this::run, this.notBefore);
	}

}

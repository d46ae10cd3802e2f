package io.threescale.spring.client.reporting;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;

import io.threescale.spring.client.QuietLog;
import io.threescale.spring.client.SteadyTime;
import io.threescale.spring.client.reporting.BatchDelivery.Outcome;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Decides when to flush: at regular intervals, at once when much is pending or nothing is
 * to wait, and less and less often while that fails.
 */
final class ReportScheduler {

	private static final double SPREAD = 0.1;

	private final ReportSender sender;

	private final UsageBook book;

	private final BatchingStatistics statistics;

	private final QuietLog log;

	private final TaskScheduler scheduler;

	private final SteadyTime time;

	private final DoubleSupplier random;

	private final Duration interval;

	private final ExponentialBackOff backOff;

	private final AtomicBoolean requested = new AtomicBoolean();

	private final AtomicBoolean running = new AtomicBoolean();

	private volatile BackOffExecution failures;

	/** When the next try is due after a failure, by the steady time. */
	private volatile long notBefore = Long.MIN_VALUE;

	private volatile long nextFlush;

	private volatile boolean stopped = true;

	private volatile @Nullable Future<?> next;

	ReportScheduler(ReportSender sender, UsageBook book, BatchingStatistics statistics, QuietLog log,
			BatchingSettings settings, TaskScheduler scheduler, SteadyTime time, DoubleSupplier random) {
		this.sender = sender;
		this.book = book;
		this.statistics = statistics;
		this.log = log;
		this.scheduler = scheduler;
		this.time = time;
		this.random = random;
		this.interval = settings.isImmediate() ? settings.maxBackoff() : settings.flushInterval();
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
	 * Flush soon if so much is pending that it should not wait, unless the last flush has
	 * failed just now.
	 */
	void requestIfDue() {
		if (this.book.takeFlushDue()) {
			request();
		}
	}

	/**
	 * Tell how long it takes until the next regular flush.
	 */
	Duration untilNextFlush() {
		return Duration.ofNanos(Math.max(0, this.nextFlush - this.time.read()));
	}

	private void tick() {
		try {
			this.book.confirm(this.time.read());
			request();
		}
		finally {
			scheduleNext();
		}
	}

	private void scheduleNext() {
		double spread = 1 + SPREAD * (2 * this.random.getAsDouble() - 1);
		Duration delay = Duration.ofMillis(Math.max(1, (long) (this.interval.toMillis() * spread)));
		this.nextFlush = this.time.read() + delay.toNanos();
		this.next = schedule(this::tick, delay);
	}

	private @Nullable Future<?> schedule(Runnable task, Duration delay) {
		if (this.stopped) {
			return null;
		}
		try {
			return this.scheduler.schedule(task, this.scheduler.getClock().instant().plus(delay));
		}
		catch (TaskRejectedException ex) {
			this.log.warn("rejected", () -> "The task scheduler takes no more tasks; usage is reported on shutdown");
			return null;
		}
	}

	private void request() {
		if (this.time.read() >= this.notBefore) {
			this.requested.set(true);
			flush();
		}
	}

	/** What is requested during a flush follows it. */
	private void flush() {
		if (!this.stopped && this.requested.get() && this.running.compareAndSet(false, true)) {
			this.requested.set(false);
			this.sender.flush().subscribe(this::ended);
		}
	}

	private void ended(Outcome outcome) {
		boolean everything = outcome == Outcome.COMPLETE;
		this.statistics.countFlush(everything);
		if (everything) {
			this.failures = this.backOff.start();
			this.running.set(false);
			flush();
			return;
		}
		this.requested.set(false);
		Duration pause = Duration.ofMillis(this.failures.nextBackOff());
		this.notBefore = this.time.read() + pause.toNanos();
		this.running.set(false);
		schedule(this::request, pause);
	}

}

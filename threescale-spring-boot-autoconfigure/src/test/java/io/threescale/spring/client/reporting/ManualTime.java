package io.threescale.spring.client.reporting;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;

/**
 * A clock, and a scheduler that runs what is due when time is moved. What is due at once
 * runs at once.
 */
final class ManualTime extends Clock implements TaskScheduler {

	private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparing((Task task) -> task.time));

	private Instant now = Instant.parse("2026-11-23T03:04:30Z");

	private Duration behind = Duration.ZERO;

	private boolean rejecting;

	private boolean flowing;

	void advance(Duration duration) {
		Instant end = this.now.plus(duration);
		while (!this.tasks.isEmpty() && !this.tasks.peek().time.isAfter(end)) {
			Task task = this.tasks.remove();
			this.now = task.time.isAfter(this.now) ? task.time : this.now;
			task.run();
		}
		this.now = end;
	}

	/** Move the clock without running what becomes due. */
	void jump(Duration duration) {
		this.now = this.now.plus(duration);
	}

	/** Set the wall clock back; no time passes by that. */
	void setBack(Duration duration) {
		this.behind = this.behind.plus(duration);
	}

	long ticks() {
		return Duration.between(Instant.EPOCH, this.now).toNanos();
	}

	/** Do not wait for what is scheduled from now on, but move the clock there. */
	void flow() {
		this.flowing = true;
	}

	void reject() {
		this.rejecting = true;
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable runnable, Instant time) {
		if (this.rejecting) {
			throw new TaskRejectedException("shut down");
		}
		Instant startTime = time.plus(this.behind);
		Task task = new Task(runnable, startTime, null);
		if (startTime.isAfter(this.now) && !this.flowing) {
			this.tasks.add(task);
		}
		else {
			this.now = startTime.isAfter(this.now) ? startTime : this.now;
			task.run();
		}
		return task;
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable runnable, Duration delay) {
		Task task = new Task(runnable, this.now.plus(delay), delay);
		this.tasks.add(task);
		return task;
	}

	@Override
	public Clock getClock() {
		return this;
	}

	@Override
	public Instant instant() {
		return this.now.minus(this.behind);
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, Trigger trigger) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Instant startTime, Duration period) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Duration period) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Instant startTime, Duration delay) {
		throw new UnsupportedOperationException();
	}

	private final class Task implements ScheduledFuture<Object> {

		private final Runnable runnable;

		private final Duration period;

		private Instant time;

		private boolean cancelled;

		private Task(Runnable runnable, Instant time, Duration period) {
			this.runnable = runnable;
			this.time = time;
			this.period = period;
		}

		private void run() {
			if (this.cancelled) {
				return;
			}
			this.runnable.run();
			if (this.period != null) {
				this.time = this.time.plus(this.period);
				ManualTime.this.tasks.add(this);
			}
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			this.cancelled = true;
			return true;
		}

		@Override
		public boolean isCancelled() {
			return this.cancelled;
		}

		@Override
		public boolean isDone() {
			return this.cancelled;
		}

		@Override
		public Object get() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Object get(long timeout, TimeUnit unit) {
			throw new UnsupportedOperationException();
		}

		@Override
		public long getDelay(TimeUnit unit) {
			throw new UnsupportedOperationException();
		}

		@Override
		public int compareTo(Delayed other) {
			throw new UnsupportedOperationException();
		}

	}

}

package io.threescale.spring.client.predictive;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;

/**
 * Runs tasks in virtual time; what is due at once runs at once.
 */
record VirtualTasks(VirtualTimeScheduler time, Clock clock) implements TaskScheduler {

	@Override
	public Clock getClock() {
		return this.clock;
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, Instant startTime) {
		long delay = Duration.between(this.clock.instant(), startTime).toMillis();
		if (delay <= 0) {
			task.run();
			return new VirtualTask(Disposables.disposed());
		}
		return new VirtualTask(this.time.schedule(task, delay, TimeUnit.MILLISECONDS));
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Duration delay) {
		return new VirtualTask(
				this.time.schedulePeriodically(task, delay.toMillis(), delay.toMillis(), TimeUnit.MILLISECONDS));
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

	private static final class VirtualTask extends CompletableFuture<Object> implements ScheduledFuture<Object> {

		private final Disposable task;

		private VirtualTask(Disposable task) {
			this.task = task;
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			this.task.dispose();
			return super.cancel(mayInterruptIfRunning);
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

package io.threescale.spring.client.batch;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.TaskScheduler;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Moves work that writes to the spool away from the threads of callers and of the
 * network. When the task scheduler is gone, or about to go, such work stays where it is.
 */
final class Handover {

	private final TaskScheduler tasks;

	private final Scheduler scheduler;

	private volatile boolean stopped;

	Handover(TaskScheduler tasks, boolean needed) {
		this.tasks = tasks;
		this.scheduler = needed ? Schedulers.fromExecutor(this::execute) : Schedulers.immediate();
	}

	Scheduler scheduler() {
		return this.scheduler;
	}

	void stop() {
		this.stopped = true;
	}

	private void execute(Runnable task) {
		if (this.stopped) {
			task.run();
			return;
		}
		try {
			this.tasks.schedule(task, this.tasks.getClock().instant());
		}
		catch (TaskRejectedException ex) {
			task.run();
		}
	}

}

package io.threescale.spring.client.batch;

import java.time.Duration;

import reactor.core.publisher.Mono;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Delivers what is pending when there is no later: what fails is tried again soon, as
 * long as there is time.
 */
final class LastFlush {

	private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

	private static final Duration MAX_PAUSE = Duration.ofSeconds(2);

	private final Flusher flusher;

	private final TaskScheduler scheduler;

	LastFlush(Flusher flusher, TaskScheduler scheduler) {
		this.flusher = flusher;
		this.scheduler = scheduler;
	}

	/**
	 * Flush until nothing is left, or it is no use to begin again.
	 */
	Mono<Void> within(Duration time) {
		if (time.isZero()) {
			return Mono.empty();
		}
		BackOffExecution pauses = pauses(time);
		return Mono.defer(this.flusher::flush)
			.filter((progress) -> progress == Progress.CLEAR || progress == Progress.HOPELESS)
			.repeatWhenEmpty((attempts) -> attempts.map((attempt) -> pauses.nextBackOff())
				.takeWhile((pause) -> pause != BackOffExecution.STOP)
				.concatMap((pause) -> pause(Duration.ofMillis(pause)))
				.onErrorComplete(TaskRejectedException.class))
			.then();
	}

	private static BackOffExecution pauses(Duration time) {
		ExponentialBackOff backOff = new ExponentialBackOff(FIRST_PAUSE.toMillis(), 2);
		backOff.setMaxInterval(MAX_PAUSE.toMillis());
		backOff.setMaxElapsedTime(time.toMillis());
		return backOff.start();
	}

	private Mono<Boolean> pause(Duration pause) {
		return Mono.create((sink) -> this.scheduler.schedule(() -> sink.success(true),
				this.scheduler.getClock().instant().plus(pause)));
	}

}

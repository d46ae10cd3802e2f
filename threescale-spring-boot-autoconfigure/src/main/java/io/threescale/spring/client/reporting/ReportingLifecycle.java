package io.threescale.spring.client.reporting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import io.threescale.spring.client.reporting.BatchDelivery.Outcome;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * The life of reporting: what an earlier process has left is taken over, usage is taken
 * and reported, and at the end the last of it is reported, left in the spool, or lost.
 */
final class ReportingLifecycle {

	private static final Log logger = LogFactory.getLog(BatchingThreeScaleClient.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

	private static final Duration MAX_PAUSE = Duration.ofSeconds(2);

	private final UsageBook book;

	private final SpoolWriter writer;

	private final BatchDelivery delivery;

	private final ReportSender sender;

	private final ReportScheduler scheduler;

	private final BatchingStatistics statistics;

	private final BatchingSettings settings;

	private final TaskScheduler tasks;

	private State state = State.NEW;

	private @Nullable Future<?> catchUp;

	ReportingLifecycle(UsageBook book, SpoolWriter writer, BatchDelivery delivery, ReportSender sender,
			ReportScheduler scheduler, BatchingStatistics statistics, BatchingSettings settings, TaskScheduler tasks) {
		this.book = book;
		this.writer = writer;
		this.delivery = delivery;
		this.sender = sender;
		this.scheduler = scheduler;
		this.statistics = statistics;
		this.settings = settings;
		this.tasks = tasks;
	}

	/**
	 * The states of reporting. None comes back.
	 */
	private enum State {

		NEW, RUNNING, STOPPED

	}

	synchronized void start() {
		if (this.state == State.STOPPED) {
			logger.warn("Usage is reported within each call from now on, as reporting in batches does not start "
					+ "again once it was stopped. Make a new application context instead.");
		}
		if (this.state != State.NEW) {
			return;
		}
		this.state = State.RUNNING;
		this.writer.recover();
		this.book.open();
		this.scheduler.start();
		if (this.writer.isDurable()) {
			this.catchUp = this.tasks.scheduleWithFixedDelay(this.writer::catchUp, this.settings.spoolInterval());
		}
	}

	/**
	 * Stop once. Who comes later waits until that is done, as a client is closed next. An
	 * interrupt ends the waiting but is put aside until all is written, as it would close
	 * the file of the spool.
	 */
	synchronized void stop(Duration deadline) {
		State before = this.state;
		this.state = State.STOPPED;
		if (before == State.STOPPED) {
			return;
		}
		this.scheduler.stop();
		this.sender.stop();
		this.book.close();
		if (this.catchUp != null) {
			this.catchUp.cancel(false);
		}
		boolean interrupted = Thread.interrupted();
		this.writer.catchUp();
		interrupted |= !await(lastFlush(deadline).toFuture(), deadline);
		leaveTheRest();
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Flush until nothing is left, or it is no use to begin again.
	 */
	private Mono<Void> lastFlush(Duration time) {
		if (time.isZero()) {
			return Mono.empty();
		}
		this.delivery.endWithin(time);
		ExponentialBackOff backOff = new ExponentialBackOff(FIRST_PAUSE.toMillis(), 2);
		backOff.setMaxInterval(MAX_PAUSE.toMillis());
		backOff.setMaxElapsedTime(time.toMillis());
		BackOffExecution pauses = backOff.start();
		return this.sender.flush()
			.filter((outcome) -> outcome == Outcome.COMPLETE || outcome == Outcome.FUTILE)
			.repeatWhenEmpty((attempts) -> attempts.map((attempt) -> pauses.nextBackOff())
				.takeWhile((pause) -> pause != BackOffExecution.STOP)
				.concatMap((pause) -> pause(Duration.ofMillis(pause)))
				.onErrorComplete(TaskRejectedException.class))
			.then();
	}

	private Mono<Boolean> pause(Duration pause) {
		return Mono.create(
				(sink) -> this.tasks.schedule(() -> sink.success(true), this.tasks.getClock().instant().plus(pause)));
	}

	/**
	 * Wait, and tell whether nobody has interrupted that.
	 */
	private static boolean await(CompletableFuture<?> flush, Duration deadline) {
		try {
			flush.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			logger.warn("Usage could not be reported within " + deadline);
		}
		catch (ExecutionException ex) {
			logger.error("Usage could not be reported", ex.getCause());
		}
		catch (InterruptedException ex) {
			return false;
		}
		finally {
			flush.cancel(false);
		}
		return true;
	}

	/**
	 * Empty the book: what waits is left to the next process, the fate of what is being
	 * sent is open. Nothing of it comes back after that.
	 */
	private void leaveTheRest() {
		List<Counter> left = new ArrayList<>();
		List<Counter> unfinished = new ArrayList<>();
		List<Counter> open = new ArrayList<>();
		this.book.forEachOpen(open::add);
		for (Counter counter : open) {
			Counter.State before = counter.remove();
			if (before != Counter.State.GONE) {
				((before == Counter.State.SENDING) ? unfinished : left).add(counter);
			}
		}
		if (!unfinished.isEmpty()) {
			leaveUnfinished(unfinished, left);
		}
		Map<Counter, Long> kept = this.writer.close(left);
		this.statistics.countLost(kept);
		Map<String, Long> lost = sums(left, (counter) -> counter.units() - kept.getOrDefault(counter, 0L));
		if (!lost.isEmpty()) {
			logger.error("Usage is lost, as the application stops: " + lost);
		}
		Map<String, Long> stays = sums(left, (counter) -> kept.getOrDefault(counter, 0L));
		if (!stays.isEmpty()) {
			logger.info("Usage stays in the spool, and is reported by the next process: " + stays);
		}
	}

	/**
	 * What is counted as ambiguous here is not to be counted as such by the next process
	 * as well.
	 */
	private void leaveUnfinished(List<Counter> unfinished, List<Counter> left) {
		this.statistics.countAmbiguous(unfinished);
		logger.error("Usage may or may not have been counted, as the application stops while it is being reported: "
				+ sums(unfinished, Counter::units));
		if (!this.settings.onAmbiguous().sendsAgain()) {
			this.writer.remove(unfinished);
		}
		else if (this.writer.isDurable()) {
			left.addAll(unfinished);
		}
	}

	private static Map<String, Long> sums(Collection<Counter> counters, ToLongFunction<Counter> units) {
		return counters.stream()
			.filter((counter) -> units.applyAsLong(counter) > 0)
			.collect(Collectors.groupingBy((counter) -> counter.key().metric(), TreeMap::new,
					Collectors.summingLong(units)));
	}

}

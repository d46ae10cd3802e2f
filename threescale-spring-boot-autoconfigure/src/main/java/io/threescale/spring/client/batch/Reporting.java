package io.threescale.spring.client.batch;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.client.QuietLog;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.TaskScheduler;

/**
 * Puts the parts together, and starts and stops them in the right order.
 */
final class Reporting {

	private static final Log logger = LogFactory.getLog(BatchingThreeScaleClient.class);

	private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

	private final BatchingSettings settings;

	private final TaskScheduler scheduler;

	private final Handover handover;

	private final KnownApplications known;

	private final UsageBuffer buffer;

	private final Tally tally;

	private final Ledger ledger;

	private final Intake intake;

	private final Flusher flusher;

	private final FlushTimer timer;

	private final LastFlush lastFlush;

	private final Estate estate;

	private volatile @Nullable Future<?> catchUp;

	Reporting(ReactiveThreeScaleClient client, BatchingSettings settings, UsageSpool spool, TaskScheduler scheduler,
			Clock clock, List<DeadLetterListener> listeners, DoubleSupplier random) {
		this.settings = settings;
		this.scheduler = scheduler;
		this.handover = new Handover(scheduler, spool.isDurable());
		this.known = new KnownApplications(settings.knownFor(), clock);
		Changes changes = new Changes(spool.isDurable());
		FlushSignal signal = new FlushSignal(settings.batchSize(), settings.flushUnits());
		this.buffer = new UsageBuffer(settings.maxAggregates(), clock, changes, signal);
		this.tally = new Tally(this.buffer, clock);
		QuietLog log = new QuietLog(logger, clock);
		this.ledger = new Ledger(spool, changes, this.tally, log);
		DeadLetters deadLetters = new DeadLetters(listeners, this.tally, log, clock);
		this.intake = new Intake(this.buffer, deadLetters, clock);
		Courier courier = new Courier(client, this.buffer, this.ledger, deadLetters, this.tally, log,
				settings.onAmbiguous(), this.handover.scheduler());
		this.flusher = flusher(courier, deadLetters);
		this.timer = new FlushTimer(this.flusher, this.tally, log, settings, scheduler, clock, random);
		signal.connect(this.timer::request);
		this.lastFlush = new LastFlush(flusher(courier, deadLetters), scheduler);
		this.estate = new Estate(this.buffer, this.ledger, this.tally, settings.onAmbiguous());
	}

	private Flusher flusher(Courier courier, DeadLetters deadLetters) {
		return new Flusher(this.buffer, new BatchPlanner(this.known, this.settings.batchSize()), courier, deadLetters,
				this.settings.maxConcurrency(), this.handover.scheduler());
	}

	synchronized void start() {
		if (!this.state.compareAndSet(State.NEW, State.RUNNING)) {
			if (this.state.get() == State.STOPPED) {
				logger.warn("Usage is reported within each call from now on, as reporting in batches does not start "
						+ "again once it was stopped. Make a new application context instead.");
			}
			return;
		}
		this.estate.inherit();
		this.buffer.open();
		this.timer.start();
		if (this.ledger.isDurable()) {
			this.catchUp = this.scheduler.scheduleWithFixedDelay(this.ledger::catchUp, this.settings.spoolInterval());
		}
	}

	/**
	 * Stop once. Who comes later waits until that is done, as a client is closed next.
	 */
	synchronized void stop(Duration deadline) {
		if (this.state.getAndSet(State.STOPPED) == State.STOPPED) {
			return;
		}
		this.timer.stop();
		this.flusher.stop();
		this.buffer.close();
		this.handover.stop();
		Future<?> catchUp = this.catchUp;
		if (catchUp != null) {
			catchUp.cancel(false);
		}
		this.estate.settle(this.lastFlush.within(deadline), deadline);
	}

	boolean isRunning() {
		return this.state.get() == State.RUNNING;
	}

	KnownApplications known() {
		return this.known;
	}

	Tally tally() {
		return this.tally;
	}

	Intake intake() {
		return this.intake;
	}

	Flusher flusher() {
		return this.flusher;
	}

	Usage pending(ApplicationCredentials application) {
		return this.buffer.applications().unsettled(application);
	}

	private enum State {

		NEW, RUNNING, STOPPED

	}

}

package io.threescale.spring.client.reporting;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.CredentialsHasher;
import io.threescale.spring.client.QuietLog;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.SteadyTime;
import io.threescale.spring.client.reporting.spool.SpoolException;
import io.threescale.spring.client.reporting.spool.UsageSpool;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jetbrains.annotations.ApiStatus;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.TaskScheduler;

/**
 * Reports usage later, in batches, so that a report costs its caller nothing. Usage is
 * added up by application, metric, response code and minute, with the time at which it
 * happened. It is reported within the call if it sets a counter, if there is no room for
 * it, or if the client is not {@linkplain #start() started} or stopped already.
 * <p>
 * 3scale accepts a report before it looks at it, and then drops all of it if one
 * application or metric is unknown. So only applications share a request that were
 * authorized here lately, with metrics that were part of such an authorization or of the
 * limits it told. 3scale is asked about any other metric before its usage is reported;
 * usage of one that it does not have is a {@link DeadLetter}.
 * <p>
 * As calls are added up, a response code is counted once for all calls of a minute that
 * had it.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class BatchingThreeScaleClient implements ReactiveThreeScaleClient {

	private static final Log logger = LogFactory.getLog(BatchingThreeScaleClient.class);

	private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

	private final LearningThreeScaleClient client;

	private final UsageSpool spool;

	private final UsageBook book;

	private final BatchingStatistics statistics;

	private final ReportSender sender;

	private final ReportHandler reports;

	private final ReportScheduler scheduler;

	private final ReportingLifecycle lifecycle;

	/**
	 * Create a client that does nothing of its own before it is started.
	 * @param client asks 3scale; is closed with this one
	 * @param settings when to report
	 * @param limit bounds how many counters are kept, here and by others it is given to
	 * @param spool where usage outlives the process, or {@link UsageSpool#none()}; is
	 * closed on stop
	 * @param tasks runs what is to be done later
	 * @param clock tells when usage happens
	 * @param listeners are told of usage that can not be reported
	 */
	public BatchingThreeScaleClient(ReactiveThreeScaleClient client, BatchingSettings settings, CounterLimit limit,
			UsageSpool spool, TaskScheduler tasks, Clock clock, List<DeadLetterListener> listeners) {
		this(client, settings, limit, spool, tasks, clock, System::nanoTime, listeners, new SecureRandom());
	}

	/**
	 * Create a client in a time of its own.
	 * @param nanoTime tells how much time has passed
	 * @param random spreads flushes, and keeps hashes from being foreseen
	 */
	BatchingThreeScaleClient(ReactiveThreeScaleClient client, BatchingSettings settings, CounterLimit limit,
			UsageSpool spool, TaskScheduler tasks, Clock clock, LongSupplier nanoTime,
			List<DeadLetterListener> listeners, RandomGenerator random) {
		SteadyTime time = new SteadyTime(clock, nanoTime);
		CredentialsHasher hasher = new CredentialsHasher(random);
		KnownApplications known = new KnownApplications(settings, hasher, time);
		QuietLog log = new QuietLog(logger, time::read);
		Scheduler thread = Schedulers.fromExecutor((task) -> execute(task, tasks));
		ReportWindow window = new ReportWindow(clock, time);
		this.client = new LearningThreeScaleClient(client, known, window, time);
		this.spool = spool;
		this.book = new UsageBook(hasher, known, time, limit, settings, clock, spool.isDurable());
		this.statistics = new BatchingStatistics(this.book, clock);
		DeadLetters deadLetters = new DeadLetters(listeners, this.statistics, log);
		SpoolWriter writer = new SpoolWriter(spool, this.book,
				new Recovery(this.book, this.statistics, settings.onAmbiguous(), clock), this.statistics, log);
		BatchDelivery delivery = new BatchDelivery(this.client, known, writer, deadLetters, this.statistics, log,
				settings.onAmbiguous(), time, thread);
		this.sender = new ReportSender(this.client, this.book, new BatchPlanner(known, settings.batchSize()), delivery,
				window, thread);
		this.scheduler = new ReportScheduler(this.sender, this.book, this.statistics, log, settings, tasks, time,
				random::nextDouble);
		this.reports = new ReportHandler(this.client, this.book, this.sender, this.scheduler, window, deadLetters,
				this.statistics, clock);
		this.lifecycle = new ReportingLifecycle(this.book, writer, delivery, this.sender, this.scheduler,
				this.statistics, settings, tasks);
	}

	/**
	 * Callers and event loops do not write to the spool. When the scheduler is gone, or
	 * about to go, whoever is here does.
	 */
	private static void execute(Runnable task, TaskScheduler tasks) {
		try {
			tasks.schedule(task, tasks.getClock().instant());
		}
		catch (TaskRejectedException ex) {
			task.run();
		}
	}

	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return this.client.authorize(request);
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return this.client.authRep(request);
	}

	/**
	 * Take usage in. Completes at once, before 3scale is told, and does not fail, unless
	 * some of the usage has to be reported within the call. Fails with an
	 * {@link IllegalArgumentException} if a transaction has a response code and no usage,
	 * as 3scale drops it.
	 */
	@Override
	public Mono<Void> report(ReportRequest request) {
		return this.reports.report(request);
	}

	/**
	 * Report what is pending for one application now, and wait for what is being sent.
	 * @param application whose usage; a key does not matter
	 * @return completes when 3scale has accepted it, or never will; fails with a
	 * {@link ThreeScaleUnavailableException} if some of it is still pending
	 */
	public Mono<Void> deliver(ApplicationCredentials application) {
		return this.sender.deliver(application);
	}

	/**
	 * Report everything that is pending now, and wait for what is being sent.
	 * @return completes when 3scale has accepted it, or would not
	 */
	public Mono<Void> flush() {
		return this.sender.flush().then();
	}

	/**
	 * Tell what is to be reported for one application.
	 * @param application whose usage; a key does not matter
	 * @return what 3scale has not accepted yet
	 */
	public Usage pending(ApplicationCredentials application) {
		ApplicationUsage usage = this.book.find(this.book.hasher().application(application));
		return (usage != null) ? usage.sumOfOpen() : Usage.NONE;
	}

	/**
	 * Tell what 3scale has accepted of one application, or is deciding about, and may not
	 * show yet.
	 * @param application whose usage; a key does not matter
	 * @return the usage, {@link Usage#NONE} if it shows all
	 */
	public Usage unconfirmed(ApplicationCredentials application) {
		ApplicationUsage usage = this.book.find(this.book.hasher().application(application));
		return (usage != null) ? usage.sumOfUnconfirmed() : Usage.NONE;
	}

	/**
	 * Tell whether usage that is not reported outlives the process.
	 * @return {@code false} if nothing is kept of it
	 */
	public boolean isDurable() {
		return this.spool.isDurable();
	}

	/**
	 * Return what this client holds and has done.
	 * @return a live view
	 */
	public BatchingStatistics statistics() {
		return this.statistics;
	}

	/**
	 * Take over what an earlier process has left in the spool, and begin to take usage.
	 * @throws SpoolException if the spool cannot be read
	 */
	public void start() {
		this.lifecycle.start();
	}

	/**
	 * Take no more usage and report what is pending. What is left at the deadline stays
	 * in the spool, or is logged as lost. Blocks; later calls wait for the first.
	 * @param deadline how long to try
	 */
	public void stop(Duration deadline) {
		this.lifecycle.stop(deadline);
	}

	/**
	 * Tell whether usage is being taken in.
	 * @return whether this is started and not stopped
	 */
	public boolean isRunning() {
		return this.book.isOpen();
	}

	@Override
	public void close() {
		stop(CLOSE_DEADLINE);
		this.client.close();
	}

	/**
	 * Return the usage that 3scale does not show yet.
	 * @return the book, for decisions in the process
	 */
	public UsageBook book() {
		return this.book;
	}

	/**
	 * Flush soon if so much is pending that it should not wait. Not to be called inside a
	 * monitor of the book.
	 */
	public void requestFlushIfDue() {
		this.scheduler.requestIfDue();
	}

	/**
	 * Tell how long it takes until usage is reported in the regular way.
	 * @return the time until the next flush
	 */
	public Duration untilNextFlush() {
		return this.scheduler.untilNextFlush();
	}

}

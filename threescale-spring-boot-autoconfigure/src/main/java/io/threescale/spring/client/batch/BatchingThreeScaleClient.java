package io.threescale.spring.client.batch;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.scheduling.TaskScheduler;

/**
 * Reports usage later, in batches, so that a report costs its caller nothing. Usage is
 * added up by application, metric, response code and minute, with the time at which it
 * happened. It is not aggregated but reported within the call if it sets a counter, if
 * there is no room for it, or if the client is not {@linkplain #start() started} or
 * stopped already.
 * <p>
 * 3scale accepts a report before it looks at it, and then drops all of it if one
 * application or metric is unknown. So only applications share a request that were
 * authorized here lately, with metrics that were part of such an authorization or of the
 * limits it told.
 * <p>
 * As calls are added up, a response code is counted once for all calls of a minute that
 * had it.
 *
 * @since 0.1.0
 */
public final class BatchingThreeScaleClient implements ReactiveThreeScaleClient {

	private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

	private final ReactiveThreeScaleClient client;

	private final Reporting reporting;

	/**
	 * Create a client that does nothing of its own before it is started.
	 * @param client asks 3scale; is closed with this one
	 * @param settings when to report, and how much to keep
	 * @param spool where usage outlives the process, or {@link UsageSpool#none()}; is
	 * closed on stop
	 * @param scheduler runs what is to be done later
	 * @param clock tells when usage happens
	 * @param listeners are told of usage that can not be reported
	 */
	public BatchingThreeScaleClient(ReactiveThreeScaleClient client, BatchingSettings settings, UsageSpool spool,
			TaskScheduler scheduler, Clock clock, List<DeadLetterListener> listeners) {
		this(client, settings, spool, scheduler, clock, listeners, () -> ThreadLocalRandom.current().nextDouble());
	}

	BatchingThreeScaleClient(ReactiveThreeScaleClient client, BatchingSettings settings, UsageSpool spool,
			TaskScheduler scheduler, Clock clock, List<DeadLetterListener> listeners, DoubleSupplier random) {
		this.client = client;
		this.reporting = new Reporting(client, settings, spool, scheduler, clock, listeners, random);
	}

	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return this.client.authorize(request).doOnNext((answer) -> this.reporting.known().learn(request, answer));
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return this.client.authRep(request).doOnNext((answer) -> this.reporting.known().learn(request, answer));
	}

	/**
	 * Take usage in. Completes at once, before 3scale is told, and does not fail, unless
	 * some of the usage has to be reported within the call.
	 */
	@Override
	public Mono<Void> report(ReportRequest request) {
		return Mono.defer(() -> {
			List<Transaction> rest = this.reporting.intake().take(request);
			return rest.isEmpty() ? Mono.empty() : reportNow(rest, request.flatUsage());
		});
	}

	/**
	 * Take in the usage of a transaction, at once, all of it or nothing.
	 * @param transaction the transaction
	 * @return the transaction if there is no room for it, or {@code null} if it was taken
	 */
	public @Nullable Transaction take(Transaction transaction) {
		return this.reporting.intake().take(transaction, false);
	}

	/** One by one, as an unknown application would void the others. */
	private Mono<Void> reportNow(List<Transaction> transactions, boolean flatUsage) {
		return Flux.fromIterable(transactions)
			.concatMapDelayError((transaction) -> reportNow(transaction, flatUsage))
			.then();
	}

	private Mono<Void> reportNow(Transaction transaction, boolean flatUsage) {
		this.reporting.tally().synchronous();
		Mono<Void> report = this.client.report(new ReportRequest(List.of(transaction), flatUsage));
		boolean setsCounters = !transaction.usage().values().isEmpty();
		return setsCounters ? settle(transaction.application()).then(report) : report;
	}

	/**
	 * Report what is pending for one application now, and wait for what is under way.
	 * @param application whose usage; a key does not matter
	 * @return completes when 3scale has accepted it, or never will; fails with a
	 * {@link ThreeScaleUnavailableException} if some of it is still pending
	 */
	public Mono<Void> settle(ApplicationCredentials application) {
		return Mono.defer(() -> this.reporting.flusher().flush(Identity.of(application)))
			.flatMap((progress) -> (progress == Progress.CLEAR) ? Mono.empty()
					: Mono.error(new ThreeScaleUnavailableException("Usage could not be reported yet", false, null)));
	}

	/**
	 * Tell what is to be reported for one application.
	 * @param application whose usage; a key does not matter
	 * @return what 3scale has not accepted yet
	 */
	public Usage pending(ApplicationCredentials application) {
		return this.reporting.pending(Identity.of(application));
	}

	/**
	 * Report everything that is pending now, and wait for what is under way.
	 * @return completes when 3scale has accepted it, or would not
	 */
	public Mono<Void> flush() {
		return this.reporting.flusher().flush().then();
	}

	/**
	 * Return what this client holds and has done.
	 * @return a live view
	 */
	public BatchingStatistics statistics() {
		return this.reporting.tally();
	}

	/**
	 * Take over what an earlier process has left in the spool, and begin to take usage.
	 * @throws SpoolException if the spool cannot be read
	 */
	public void start() {
		this.reporting.start();
	}

	/**
	 * Take no more usage and report what is pending. What is left at the deadline stays
	 * in the spool, or is logged as lost. Blocks; later calls wait for the first.
	 * @param deadline how long to try
	 */
	public void stop(Duration deadline) {
		this.reporting.stop(deadline);
	}

	/**
	 * Tell whether usage is being taken in.
	 * @return whether this is started and not stopped
	 */
	public boolean isRunning() {
		return this.reporting.isRunning();
	}

	@Override
	public void close() {
		stop(CLOSE_DEADLINE);
		this.client.close();
	}

}

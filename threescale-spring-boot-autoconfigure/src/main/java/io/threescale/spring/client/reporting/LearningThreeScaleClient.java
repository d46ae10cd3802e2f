package io.threescale.spring.client.reporting;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.PartialReportException;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.SteadyTime;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;

/**
 * Asks 3scale, and learns from each answer: what it has, what time it is, and that it is
 * there. After a report that was not answered it is taken to be away until it has
 * answered something harmless, so that no more than one report is at risk. That is about
 * reports alone: whether calls may ask 3scale, its circuit breaker decides.
 */
final class LearningThreeScaleClient implements ReactiveThreeScaleClient {

	private static final Log logger = LogFactory.getLog(BatchingThreeScaleClient.class);

	private static final long NEVER = Long.MIN_VALUE;

	private final ReactiveThreeScaleClient client;

	private final KnownApplications known;

	private final ReportWindow window;

	private final SteadyTime time;

	/** Whether 3scale has answered nothing since a report was not answered. */
	private volatile boolean away;

	/** When the first report failed since one was accepted. */
	private final AtomicLong failingSince = new AtomicLong(NEVER);

	/**
	 * Create a client.
	 * @param client asks 3scale; is closed with this one
	 * @param known the applications and metrics that 3scale has
	 * @param window the times that 3scale takes
	 * @param time measures how long 3scale is away
	 */
	LearningThreeScaleClient(ReactiveThreeScaleClient client, KnownApplications known, ReportWindow window,
			SteadyTime time) {
		this.client = client;
		this.known = known;
		this.window = window;
		this.time = time;
	}

	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return learning(request, this.client.authorize(request));
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return learning(request, this.client.authRep(request));
	}

	private Mono<Authorization> learning(AuthorizationRequest request, Mono<Authorization> answer) {
		return answer.doOnNext((authorization) -> {
			answered();
			this.known.learn(request, authorization);
			this.window.learn(authorization);
		}).doOnError(ThreeScaleException.class, (failure) -> {
			if (ReportFailure.isAnswer(failure)) {
				answered();
			}
			this.known.metrics().learn(request, failure);
		});
	}

	@Override
	public Mono<Void> report(ReportRequest request) {
		return this.client.report(request).doOnSuccess((done) -> accepted()).doOnError(this::reportFailed);
	}

	/**
	 * Note that a report has failed, or that there could be none.
	 */
	void reportFailed(Throwable failure) {
		if (failure instanceof PartialReportException partial) {
			reportFailed(partial.failure());
		}
		else if (ReportFailure.isAnswer(failure)) {
			answered();
		}
		else if (ReportFailure.of(failure) != ReportFailure.UNEXPLAINED) {
			unanswered(failure);
		}
	}

	private void unanswered(Throwable failure) {
		this.away = true;
		if (this.failingSince.compareAndSet(NEVER, this.time.read())) {
			logger.warn("Usage cannot be reported, as 3scale is away: " + failure.getMessage()
					+ ". It waits, and is reported when 3scale is back, within 23 hours");
		}
	}

	private void answered() {
		if (this.away) {
			this.away = false;
		}
	}

	private void accepted() {
		answered();
		long since = this.failingSince.get();
		if (since != NEVER && this.failingSince.compareAndSet(since, NEVER)) {
			Duration duration = Duration.ofNanos(this.time.read() - since);
			logger.info("Usage is reported again after " + duration.toSeconds() + " s");
		}
	}

	/**
	 * Tell whether it is no use to send a report.
	 */
	boolean isAway() {
		return this.away;
	}

	/**
	 * Find out whether 3scale is there, if it is taken to be away, by a question that
	 * does no harm.
	 * @param application the application to ask about
	 */
	Mono<Boolean> isThere(ApplicationCredentials application) {
		if (!this.away) {
			return Mono.just(true);
		}
		return authorize(AuthorizationRequest.of(application, Usage.NONE)).thenReturn(true)
			.onErrorResume((failure) -> Mono.just(ReportFailure.isAnswer(failure)));
	}

	@Override
	public void close() {
		this.client.close();
	}

}

package io.threescale.spring.actuate;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.PartialReportException;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.metering.event.BackendAvailabilityEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Knows what came of the latest calls of the backend for one service, so that nobody has
 * to ask 3scale to tell whether it is there.
 *
 * @since 0.1.0
 */
public final class BackendHistory {

	/** One failure may be of one call, such as that of a metric 3scale does not have. */
	private static final int FAILURES_OF_AN_OUTAGE = 3;

	private static final int KEPT_FAILURES = 10;

	private static final int KEPT_APPLICATIONS = 1_000;

	private final String service;

	private final Clock clock;

	private final ApplicationEventPublisher events;

	private volatile @Nullable Instant lastAnswer;

	private @Nullable Instant failingSince;

	/** Whether anybody reads which applications 3scale was asked about. */
	private volatile boolean keepsApplications;

	private final Map<ApplicationCredentials, KnownApplication> applications = new LinkedHashMap<>(16, 0.75f, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<ApplicationCredentials, KnownApplication> eldest) {
			return size() > KEPT_APPLICATIONS;
		}

	};

	private final Deque<Failure> failures = new ArrayDeque<>(KEPT_FAILURES);

	private volatile int failuresInARow;

	/**
	 * Create an empty history.
	 * @param service the name of the service
	 * @param clock tells when the backend was called
	 * @param events hears of outages; must not wait
	 */
	public BackendHistory(String service, Clock clock, ApplicationEventPublisher events) {
		this.service = service;
		this.clock = clock;
		this.events = events;
	}

	/**
	 * Note what comes of the calls of a client.
	 * @param client the client
	 * @return a client that does the same
	 */
	public ReactiveThreeScaleClient record(ReactiveThreeScaleClient client) {
		return new RecordedThreeScaleClient(client, this);
	}

	/**
	 * Note an answer. A caller whom 3scale does not let in makes nobody forgotten.
	 */
	void answered(AuthorizationRequest request, Authorization answer) {
		accepted();
		if (this.keepsApplications
				&& (!(answer instanceof Denied denied) || denied.code().equals(ErrorCode.LIMITS_EXCEEDED))) {
			remember(new KnownApplication(request.application(), request.referrer(), answer.status(),
					this.clock.instant()));
		}
	}

	private synchronized void remember(KnownApplication application) {
		this.applications.put(application.credentials().identity(), application);
	}

	/**
	 * Note that 3scale has served a call. While it does, nothing is locked.
	 */
	void accepted() {
		this.lastAnswer = this.clock.instant();
		Outage over = (this.failuresInARow > 0) ? served() : null;
		if (over != null) {
			this.events.publishEvent(new BackendAvailabilityEvent(this.service, true, over.since()));
		}
	}

	private synchronized @Nullable Outage served() {
		Outage over = outage();
		this.failuresInARow = 0;
		this.failingSince = null;
		return over;
	}

	void failed(Throwable failure) {
		Outage begun = notServed(failure);
		if (begun != null) {
			this.events.publishEvent(new BackendAvailabilityEvent(this.service, false, begun.since()));
		}
	}

	private synchronized @Nullable Outage notServed(Throwable failure) {
		Instant now = this.clock.instant();
		this.failuresInARow++;
		this.failingSince = (this.failingSince != null) ? this.failingSince : now;
		if (this.failures.size() == KEPT_FAILURES) {
			this.failures.removeLast();
		}
		this.failures.addFirst(new Failure(now, isRefusal(failure), failure.getMessage()));
		return (this.failuresInARow == FAILURES_OF_AN_OUTAGE) ? outage() : null;
	}

	private static boolean isRefusal(Throwable failure) {
		return failure instanceof ThreeScaleMisconfiguredException
				|| (failure instanceof PartialReportException partial && isRefusal(partial.failure()));
	}

	/**
	 * Keep the applications that 3scale is asked about from now on, for who reads them.
	 */
	void keepApplications() {
		this.keepsApplications = true;
	}

	/**
	 * Return the applications that 3scale was asked about lately, and has.
	 * @see #keepApplications()
	 */
	synchronized List<KnownApplication> applications() {
		return List.copyOf(this.applications.values());
	}

	synchronized void forget(ApplicationCredentials application) {
		this.applications.remove(application.identity());
	}

	/**
	 * Return when 3scale served a call last: it granted or denied it, or took a report.
	 * @return the time, or {@code null} if it has not yet
	 */
	public @Nullable Instant lastAnswer() {
		return this.lastAnswer;
	}

	/**
	 * Return the latest calls that 3scale did not serve, ten at most.
	 * @return the failures, the last one first
	 */
	public synchronized List<Failure> failures() {
		return List.copyOf(this.failures);
	}

	/**
	 * Return since when 3scale has served no call.
	 * @return the outage, or {@code null} if one of the last three calls was served, or
	 * there were fewer
	 */
	public synchronized @Nullable Outage outage() {
		return (this.failuresInARow >= FAILURES_OF_AN_OUTAGE && this.failingSince != null)
				? new Outage(this.failingSince, this.failures.getFirst()) : null;
	}

	/**
	 * A call that 3scale did not serve.
	 *
	 * @param at when it failed
	 * @param refused whether 3scale refused to serve us, which somebody has to mend
	 * @param message what happened, without secrets
	 */
	public record Failure(Instant at, boolean refused, @Nullable String message) {
	}

	/**
	 * A time in which 3scale serves no calls.
	 *
	 * @param since when the first of them failed
	 * @param lastFailure the last of them
	 */
	public record Outage(Instant since, Failure lastFailure) {
	}

}

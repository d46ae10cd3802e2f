package io.threescale.spring.client.predictive;

import java.time.Clock;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.CredentialsHasher;
import io.threescale.spring.client.Extension;
import io.threescale.spring.client.KeyedHash;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.predictive.Call.Caller;
import io.threescale.spring.client.reporting.BatchingThreeScaleClient;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Decides most authreps in the process and reports their usage. 3scale is asked about an
 * application once in a while, when a share of its headroom is used up, and near a limit
 * for each call.
 * <p>
 * The bound: one instance goes beyond a limit by no more than its guard. N instances go
 * beyond it by no more than N times their guard and the share of the headroom each may
 * use before it asks again, and by what 3scale has accepted and not counted when it
 * answers.
 *
 * @since 0.1.0
 */
public final class PredictingThreeScaleClient implements ReactiveThreeScaleClient {

	private static final Set<Extension> PREDICTABLE = EnumSet.of(Extension.LIMIT_HEADERS, Extension.HIERARCHY);

	private final BatchingThreeScaleClient reporting;

	private final Clock clock;

	private final KnownLimits known;

	private final PredictionStatistics statistics;

	private final Decisions decisions;

	/**
	 * Create a client.
	 * @param reporting asks 3scale, and takes the usage of calls decided here; is closed
	 * with this one
	 * @param settings how far decisions may be made here
	 * @param claims what the instances of the fleet claim of limits, or {@code null} if
	 * it decides alone
	 * @param changes what they tell each other
	 * @param clock tells the time of a call
	 * @param scheduler waits
	 */
	public PredictingThreeScaleClient(BatchingThreeScaleClient reporting, PredictionSettings settings,
			@Nullable Claims claims, Changes changes, Clock clock, Scheduler scheduler) {
		this(reporting, settings, claims, changes, clock, scheduler, new Random());
	}

	PredictingThreeScaleClient(BatchingThreeScaleClient reporting, PredictionSettings settings, @Nullable Claims claims,
			Changes changes, Clock clock, Scheduler scheduler, RandomGenerator random) {
		this.reporting = reporting;
		this.clock = clock;
		Headroom headroom = (claims != null) ? new SharedHeadroom(claims, reporting.book(), settings, clock, scheduler)
				: (counter) -> new HeadroomShare(counter, settings::headroomShare);
		this.known = new KnownLimits(settings, headroom, reporting.book().time(), random);
		this.statistics = new PredictionStatistics(this.known);
		this.decisions = new Decisions(reporting, this.known, headroom,
				new Questions(reporting, this.known, headroom, changes, settings, clock, scheduler, random),
				settings.lastKnownFor(), clock, this.statistics);
		reporting.book().whenClosed(headroom::close);
		changes.listen((application) -> this.known.doubt(reporting.book().hasher().application(application)));
	}

	/**
	 * Return how decisions come about.
	 * @return the statistics, which go on
	 */
	public PredictionStatistics statistics() {
		return this.statistics;
	}

	/**
	 * Tell how the limits of an application stand here.
	 * @param application any credentials of it
	 * @return the status, or {@code null} if 3scale was not asked about it lately
	 */
	public @Nullable ApplicationStatus status(ApplicationCredentials application) {
		KeyedHash hash = this.reporting.book().hasher().application(application);
		ApplicationLimits limits = this.known.find(hash);
		return (limits == null) ? null : this.reporting.book()
			.within(hash, application, (usage) -> limits.status(usage, this.clock.instant()));
	}

	/**
	 * Forget what 3scale said of an application, so that it is asked again. What the
	 * application has used stays.
	 * @param application any credentials of it
	 */
	public void forget(ApplicationCredentials application) {
		this.known.forget(this.reporting.book().hasher().application(application));
	}

	/**
	 * Forget all answers, so that 3scale is asked about every application and metric
	 * again, and what it shows then is taken for all that it was told.
	 */
	public void forget() {
		this.reporting.book().confirmAll();
		this.known.clear();
		this.reporting.book().known().clear();
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return isPredictable(request) ? Mono.defer(() -> predict(request, true)) : this.reporting.authRep(request);
	}

	/**
	 * Decide about a call that is counted when it is done.
	 */
	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return isPredictable(request) ? Mono.defer(() -> predict(request, false)) : this.reporting.authorize(request);
	}

	/**
	 * Not predicted is what depends on more than limits, sets counters, is not to be
	 * answered in full, or finds no room in the book.
	 */
	private boolean isPredictable(AuthorizationRequest request) {
		return !request.usage().isEmpty() && request.usage().values().isEmpty() && request.parameters().isEmpty()
				&& request.redirectUri() == null && PREDICTABLE.containsAll(request.extensions())
				&& this.reporting.book().hasRoom();
	}

	private Mono<Authorization> predict(AuthorizationRequest request, boolean counts) {
		CredentialsHasher hasher = this.reporting.book().hasher();
		return this.decisions.decide(new Call(new Caller(hasher.application(request.application()),
				hasher.proof(request.application(), request.referrer())), request, counts));
	}

	@Override
	public Mono<Void> report(ReportRequest request) {
		return this.reporting.report(request);
	}

	@Override
	public void close() {
		this.reporting.close();
	}

}

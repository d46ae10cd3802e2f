package io.threescale.spring.client.predictive;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Source;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.CredentialsHasher;
import io.threescale.spring.client.Extension;
import io.threescale.spring.client.KeyedHash;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.SteadyTime;
import io.threescale.spring.client.reporting.ApplicationUsage;
import io.threescale.spring.client.reporting.ApplicationUsage.Reservation;
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

	private final PredictionSettings settings;

	private final Clock clock;

	private final SteadyTime time;

	private final Headroom headroom;

	private final KnownLimits known;

	private final Questions questions;

	private final PredictionStatistics statistics;

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
		this.settings = settings;
		this.clock = clock;
		this.time = reporting.book().time();
		this.headroom = (claims != null) ? new SharedHeadroom(claims, reporting.book(), settings, clock, scheduler)
				: new OwnHeadroom(settings.headroomShare());
		this.known = new KnownLimits(settings, this.headroom, this.time, random);
		this.statistics = new PredictionStatistics(this.known);
		this.questions = new Questions(reporting, this.known, this.headroom, changes, settings, clock, scheduler,
				random);
		reporting.book().whenClosed(this.headroom::close);
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
		Call call = new Call(new Caller(hasher.application(request.application()),
				hasher.proof(request.application(), request.referrer())), request, counts);
		ApplicationLimits limits = permittedBy(call);
		if (limits == null) {
			return ask(call);
		}
		Mono<Authorization> decided = decide(call, limits);
		return (decided != null) ? decided : withMore(call, limits, () -> ask(call));
	}

	/**
	 * Decide a call when there is more to use.
	 * @param otherwise where else an answer comes from if only 3scale can tell whether
	 * there is more
	 */
	private Mono<Authorization> withMore(Call call, ApplicationLimits limits, Supplier<Mono<Authorization>> otherwise) {
		return withMore(call, limits, otherwise, this.time.read() + SharedHeadroom.WAIT.toNanos());
	}

	private Mono<Authorization> withMore(Call call, ApplicationLimits limits, Supplier<Mono<Authorization>> otherwise,
			long until) {
		Mono<Boolean> more = this.headroom.more(call, limits);
		if (more == null) {
			return otherwise.get();
		}
		return more.flatMap((told) -> {
			Mono<Authorization> decided = decide(call, limits);
			if (decided != null) {
				return decided;
			}
			// Others have taken what there was
			boolean again = told && this.time.read() < until;
			return again ? withMore(call, limits, otherwise, until) : otherwise.get();
		});
	}

	/**
	 * Find the limits to decide a call by, if 3scale has let its caller in lately and has
	 * its metrics.
	 */
	private @Nullable ApplicationLimits permittedBy(Call call) {
		return this.questions.knowsMetrics(call) ? permittedBy(call, Duration.ZERO) : null;
	}

	private @Nullable ApplicationLimits permittedBy(Call call, Duration beyondTheEnd) {
		ApplicationLimits limits = this.known.find(call.caller().application());
		Permission permission = (limits != null) ? limits.permissions().find(call.caller().proof()) : null;
		return (permission != null && permission.isGood(this.time.read(), beyondTheEnd)) ? limits : null;
	}

	/**
	 * Decide a call here.
	 * @return the decision, or {@code null} if 3scale is to be asked on behalf of all
	 * calls like this one
	 */
	private @Nullable Mono<Authorization> decide(Call call, ApplicationLimits limits) {
		Instant now = this.clock.instant();
		long steadyNow = this.time.read();
		ApplicationUsage usage = usage(call);
		Authorization answer = null;
		Decision decision;
		boolean low;
		synchronized (usage) {
			if (usage.isRemoved()) {
				return decide(call, limits);
			}
			decision = limits.decide(usage, call.request().usage(), now, steadyNow);
			if (decision == Decision.ADMITTED && !take(call, usage, now)) {
				decision = Decision.NEAR_LIMIT;
			}
			if (decision == Decision.ADMITTED) {
				answer = limits.granted(call.request(), now);
			}
			else if (decision == Decision.REFUSED) {
				answer = limits.denied(usage, call.request().usage(), now);
			}
			low = this.headroom.isLow(limits);
		}
		if (answer != null) {
			this.statistics.countLocal();
			this.reporting.requestFlushIfDue();
			if (low) {
				this.headroom.refill(call, limits);
			}
			renew(call, limits, steadyNow);
			return Mono.just(answer);
		}
		return (decision == Decision.NEAR_LIMIT) ? byBackend(call, limits) : null;
	}

	private ApplicationUsage usage(Call call) {
		return this.reporting.book().of(call.caller().application(), call.request().application());
	}

	/**
	 * Take the usage of a call, unless it is counted when the call is done.
	 */
	private static boolean take(Call call, ApplicationUsage usage, Instant now) {
		return !call.counts() || usage.add(call.request().usage(), now, call.request().responseCode(), false);
	}

	private void renew(Call call, ApplicationLimits limits, long now) {
		Permission permission = limits.permissions().find(call.caller().proof());
		if (permission != null && permission.isToBeRenewed(now)) {
			this.questions.renew(call, permission.left(now));
		}
	}

	private Mono<Authorization> byBackend(Call call, ApplicationLimits limits) {
		this.statistics.countBackend();
		return this.questions.ask(call, limits)
			.onErrorResume(ThreeScaleUnavailableException.class, (ex) -> byLastKnown(call, ex));
	}

	/**
	 * Have 3scale asked once for all calls that wait for the same answer, and decide by
	 * what it shows. What it has just denied stays denied.
	 */
	private Mono<Authorization> ask(Call call) {
		Denied denied = this.known.denial(call.caller());
		if (denied != null) {
			this.statistics.countLocal();
			return Mono.just(denied.from(Source.LOCAL));
		}
		return this.questions.askForAll(call)
			.flatMap((reply) -> reply.denies(call.request().usage()) ? decidedByBackend(reply.answer())
					: decide(call, reply.answer()))
			.onErrorResume(ThreeScaleUnavailableException.class, (ex) -> byLastKnown(call, ex));
	}

	private Mono<Authorization> decidedByBackend(Authorization answer) {
		this.statistics.countBackend();
		return Mono.just(answer);
	}

	private Mono<Authorization> decide(Call call, Authorization answer) {
		ApplicationLimits limits = permittedBy(call);
		if (limits != null) {
			Mono<Authorization> decided = decide(call, limits);
			return (decided != null) ? decided : withMore(call, limits, () -> byBackend(call, limits));
		}
		if (!answer.isGranted() || !call.counts()) {
			return decidedByBackend(answer);
		}
		this.statistics.countBackend();
		return this.reporting.authRep(call.request());
	}

	private Mono<Authorization> byLastKnown(Call call, ThreeScaleUnavailableException ex) {
		ApplicationLimits limits = permittedBy(call, this.settings.lastKnownFor());
		if (limits == null || this.settings.lastKnownFor().isZero() || ex.isAmbiguous()) {
			return Mono.error(ex);
		}
		ApplicationUsage usage = usage(call);
		Decision decision;
		Reservation reserved;
		synchronized (usage) {
			if (usage.isRemoved()) {
				return byLastKnown(call, ex);
			}
			decision = limits.decideByLastKnown(usage, call.request().usage(), this.clock.instant(), this.time.read());
			reserved = usage.reserve(call.counts() ? call.request().usage() : Usage.NONE);
		}
		Mono<Boolean> bears = switch (decision) {
			case REFUSED -> Mono.just(false);
			case ADMITTED -> Mono.just(true);
			default -> call.counts() ? this.headroom.bears(call, limits) : Mono.just(true);
		};
		return bears.flatMap((fits) -> {
			Authorization answer = lastKnown(call, limits, usage, reserved, fits);
			return (answer != null) ? Mono.just(answer) : Mono.<Authorization>error(ex);
		}).cache();
	}

	private @Nullable Authorization lastKnown(Call call, ApplicationLimits limits, ApplicationUsage usage,
			Reservation reserved, boolean fits) {
		Instant now = this.clock.instant();
		Authorization answer;
		synchronized (usage) {
			reserved.release();
			if (!fits) {
				answer = limits.denied(usage, call.request().usage(), now);
			}
			else if (take(call, usage, now)) {
				answer = limits.granted(call.request(), now);
			}
			else {
				return null;
			}
		}
		this.statistics.countLastKnown();
		this.reporting.requestFlushIfDue();
		return answer.from(Source.LAST_KNOWN);
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

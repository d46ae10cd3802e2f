package io.threescale.spring.metering;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Extension;
import io.threescale.spring.client.WaitingThread;
import io.threescale.spring.credentials.InvalidCredentialsException;
import io.threescale.spring.metering.DecisionObserver.Observed;
import io.threescale.spring.metering.MeteredCall.Admission;
import io.threescale.spring.metering.MeteredCall.Billing;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;

/**
 * Makes the one decision about a metered call: who calls, what 3scale says to it, and
 * what to do if it says nothing. Charges what is known only when the call is done.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class MeteringGate {

	/**
	 * The header that says why a call would be refused: the type of the problem.
	 */
	public static final String WOULD_DENY = "ThreeScale-Would-Deny";

	private static final Set<Extension> EXTENSIONS = Set.of(Extension.LIMIT_HEADERS, Extension.HIERARCHY);

	private final MeteredServices services;

	private final MeteringSettings settings;

	private final MeteringListener listener;

	private final DecisionObserver observer;

	private final Clock clock;

	private final MeteringLog log;

	private final Settlements settlements;

	private final OpenCalls openCalls = new OpenCalls();

	/**
	 * Create a gate.
	 * @param services ask 3scale, and find out who calls
	 * @param settings how calls are metered
	 * @param listener hears of every decision
	 * @param observer observes decisions
	 * @param clock tells when a call was made
	 */
	public MeteringGate(MeteredServices services, MeteringSettings settings, MeteringListener listener,
			DecisionObserver observer, Clock clock) {
		this.services = services;
		this.settings = settings;
		this.listener = listener;
		this.observer = observer;
		this.clock = clock;
		this.log = new MeteringLog(clock);
		this.settlements = new Settlements(listener, this.log, settings, clock);
	}

	/**
	 * Decide whether a call may go on, and have it counted if it is charged with the
	 * decision.
	 * @param operation what is called
	 * @param request the request, on either web stack
	 * @return the call, to be {@linkplain #settle settled} when it is done; fails with a
	 * {@link MeteringException} if it may not go on
	 */
	public Mono<MeteredCall> admit(MeteredOperation operation, HttpRequest request) {
		MeteredService service = this.services.of(operation, request);
		if (service == null) {
			return unknownService(operation);
		}
		ApplicationCredentials caller;
		try {
			caller = service.credentials().resolve(request);
		}
		catch (InvalidCredentialsException ex) {
			return unauthenticated(operation, service);
		}
		return admit(operation, service, caller, referrer(request));
	}

	/**
	 * Decide whether work that is no HTTP request may be done, and have it counted if it
	 * is charged with the decision.
	 * @param operation what is to be done
	 * @param caller for whom, or {@code null} if nobody knows
	 * @return the call, to be {@linkplain #settle settled} when it is done; fails with a
	 * {@link MeteringException} if it may not go on
	 */
	public Mono<MeteredCall> admit(MeteredOperation operation, @Nullable ApplicationCredentials caller) {
		MeteredService service = this.services.of(operation, null);
		if (service == null) {
			return unknownService(operation);
		}
		return admit(operation, service, caller, null);
	}

	private Mono<MeteredCall> admit(MeteredOperation operation, MeteredService service,
			@Nullable ApplicationCredentials known, @Nullable String referrer) {
		ApplicationCredentials caller = (known != null) ? known : service.anonymous();
		if (caller == null) {
			return anonymous(operation, service);
		}
		boolean charged = operation.chargeOn().isAdmission() && operation.measures().isEmpty()
				&& !this.settings.responseCodes();
		Observed observed = this.observer.begin(operation, service.id());
		Admission admission = new Admission(operation, service, caller, referrer,
				charged ? Billing.CHARGED : Billing.DUE, observed);
		AuthorizationRequest question = new AuthorizationRequest(caller, operation.usage(), referrer, null, null,
				EXTENSIONS, Map.of());
		Mono<MeteredCall> decision = this.openCalls
			.deciding((charged ? service.client().authRep(question) : service.client().authorize(question))
				// A client that says nothing at all must not let everybody pass
				.switchIfEmpty(Mono.error(() -> new IllegalStateException("The client made no decision")))
				.map((authorization) -> decided(admission, authorization))
				.onErrorResume(ThreeScaleException.class, (ex) -> undecided(admission, ex)));
		return (observed != null) ? observed.around(decision) : decision;
	}

	/**
	 * Wait for a decision. For threads that may wait only.
	 * @param call the call to be decided about
	 * @return the call
	 * @throws MeteringException if it may not go on
	 */
	public static MeteredCall await(Mono<MeteredCall> call) {
		return WaitingThread.await(call, "a decision of 3scale", MeteringUnavailableException::new);
	}

	/**
	 * Tell the caller of a call that goes on of the limits it counts against, in
	 * {@code RateLimit} headers, as if it were counted already. Nothing is written if
	 * that is switched off, or no limits are known. A call that goes on as nothing is
	 * enforced is told so, in {@value #WOULD_DENY}.
	 * @param call the call
	 * @param headers the headers of the response
	 */
	public void writeHeaders(MeteredCall call, HttpHeaders headers) {
		MeteringException refusal = call.refusal();
		if (refusal != null) {
			headers.set(WOULD_DENY, refusal.type());
		}
		Admission admission = call.admission();
		if (this.settings.rateLimitHeaders() && admission != null) {
			List<CallLimit> limits = CallLimit.of(call.authorization().status(), admission.operation().usage(),
					this.clock.instant());
			RateLimitHeaders.write(admission.charged() ? limits : limits.stream().map(CallLimit::afterCall).toList(),
					headers);
		}
	}

	/**
	 * Not every referrer is passed on: {@code *} would open every filter.
	 */
	private @Nullable String referrer(HttpRequest request) {
		String referrer = this.settings.forwardReferrer() ? request.getHeaders().getFirst(HttpHeaders.REFERER) : null;
		return "*".equals(referrer) ? null : referrer;
	}

	private Mono<MeteredCall> unknownService(MeteredOperation operation) {
		MeteringDecision decision = tell(operation, "unknown", MeteringOutcome.MISCONFIGURED);
		this.log.unknownService(operation);
		return refused(decision, new MeteringUnavailableException(null));
	}

	private Mono<MeteredCall> anonymous(MeteredOperation operation, MeteredService service) {
		if (this.settings.anonymousPass()) {
			tell(operation, service.id(), MeteringOutcome.UNAUTHENTICATED);
			return Mono.just(MeteredCall.unmetered());
		}
		return unauthenticated(operation, service);
	}

	private Mono<MeteredCall> unauthenticated(MeteredOperation operation, MeteredService service) {
		MeteringDecision decision = tell(operation, service.id(),
				isShadow(operation) ? MeteringOutcome.WOULD_DENY : MeteringOutcome.UNAUTHENTICATED);
		return refused(decision, new CredentialsMissingException(service.credentials().challenges()));
	}

	private Mono<MeteredCall> refused(MeteringDecision decision, MeteringException refusal) {
		return isShadow(decision.operation())
				? Mono.just(new MeteredCall(null, new Granted(ApplicationStatus.UNKNOWN), refusal, decision))
				: Mono.error(refusal);
	}

	private Enforcement enforcement(MeteredOperation operation) {
		return this.settings.enforcement().or(operation.enforcement());
	}

	private boolean isShadow(MeteredOperation operation) {
		return enforcement(operation) == Enforcement.SHADOW;
	}

	private MeteredCall decided(Admission admission, Authorization authorization) {
		if (authorization instanceof Denied denied) {
			return denied(admission, denied);
		}
		MeteringDecision decision = tell(admission, MeteringOutcome.GRANTED, authorization, null);
		if (admission.charged()) {
			this.listener.used(admission.service().id(), admission.operation().usage(), true);
		}
		return opened(admission, authorization, null, decision);
	}

	private MeteredCall denied(Admission admission, Denied denied) {
		CallDeniedException refusal = new CallDeniedException(denied, admission.operation().usage(),
				this.clock.instant());
		Enforcement enforcement = enforcement(admission.operation());
		if (enforcement == Enforcement.SHADOW) {
			MeteringDecision decision = tell(admission, MeteringOutcome.WOULD_DENY, denied, null);
			return new MeteredCall(admission.with(Billing.FREE), denied, refusal, decision);
		}
		if (enforcement == Enforcement.SOFT_LIMIT && refusal.isOverLimit()) {
			MeteringDecision decision = tell(admission, MeteringOutcome.OVER_LIMIT, denied, null);
			return opened(admission.with(Billing.DUE), denied, null, decision);
		}
		tell(admission, MeteringOutcome.DENIED, denied, null);
		throw refusal;
	}

	private MeteredCall opened(Admission admission, Authorization authorization, @Nullable MeteringException refusal,
			MeteringDecision decision) {
		MeteredCall call = new MeteredCall(admission, authorization, refusal, decision);
		if (!admission.charged()) {
			this.openCalls.add(call);
		}
		return call;
	}

	private Mono<MeteredCall> undecided(Admission admission, ThreeScaleException ex) {
		boolean shadow = isShadow(admission.operation());
		MeteringUnavailableException refusal = new MeteringUnavailableException(ex);
		if (ex instanceof ThreeScaleMisconfiguredException) {
			MeteringDecision decision = tell(admission, MeteringOutcome.MISCONFIGURED, null, ex);
			this.log.misconfigured(shadow ? "pass unbilled" : "fail", ex);
			return shadow ? unbilled(admission, refusal, decision) : Mono.error(refusal);
		}
		boolean allowed = switch (this.settings.failurePolicy()) {
			case ALLOW -> true;
			// The client has no last answer, or would have decided by that
			case DENY, LAST_KNOWN -> false;
		};
		if (allowed) {
			return pass(admission, ex, null);
		}
		if (shadow) {
			return pass(admission, ex, refusal);
		}
		tell(admission, MeteringOutcome.UNAVAILABLE, null, ex);
		this.log.unavailable("are refused", ex);
		return Mono.error(refusal);
	}

	private Mono<MeteredCall> unbilled(Admission admission, MeteringException refusal, MeteringDecision decision) {
		this.listener.used(admission.service().id(), admission.operation().usage(), false);
		return Mono.just(new MeteredCall(admission.with(Billing.FREE), new Granted(ApplicationStatus.UNKNOWN), refusal,
				decision));
	}

	private Mono<MeteredCall> pass(Admission admission, ThreeScaleException ex, @Nullable MeteringException refusal) {
		Mono<MeteringOutcome> outcome = admission.charged() ? this.settlements.chargeUndecided(admission, ex)
				: Mono.just(MeteringOutcome.DEFERRED);
		return outcome.map((decided) -> {
			MeteringDecision decision = tell(admission, decided, null, ex);
			this.log.unavailable("pass undecided, and are " + decided.name().toLowerCase(Locale.ROOT), ex);
			return opened(admission, new Granted(ApplicationStatus.UNKNOWN), refusal, decision);
		});
	}

	/**
	 * Charge a call for what is known only now that it is done. Does so once, however
	 * often it is told to, and neither waits nor fails: usage that cannot be reported is
	 * counted and logged.
	 * @param call the call
	 * @param completed what came of it
	 */
	public void settle(MeteredCall call, CompletedCall completed) {
		Admission admission = call.settle();
		if (admission != null) {
			report(call, this.settlements.charge(call, admission, completed));
		}
	}

	/**
	 * Charge what a call turns out to have used, with the call or, if that is done, by
	 * itself. Neither waits nor fails, as {@link #settle} does.
	 * @param call the call
	 * @param metric the system name of the metric
	 * @param units how many
	 */
	public void charge(MeteredCall call, String metric, long units) {
		Admission admission = call.admission();
		if (!call.addIfOpen(metric, units) && admission != null) {
			report(call, this.settlements.charge(admission, Usage.of(metric, units)));
		}
	}

	private void report(MeteredCall call, Mono<Boolean> charge) {
		this.openCalls.add(call);
		charge.doOnError(this.log::unsettled)
			.onErrorComplete()
			.doFinally((signal) -> this.openCalls.remove(call))
			.subscribe();
	}

	/**
	 * Wait for the calls that are open, as at a stop: who has been answered is to be
	 * counted. Calls that do not end by themselves are waited for shortly only.
	 * @return completes when 3scale has been told, or cannot be
	 */
	public Mono<Void> settled() {
		return this.openCalls.none();
	}

	private MeteringDecision tell(MeteredOperation operation, String service, MeteringOutcome outcome) {
		MeteringDecision decision = new MeteringDecision(operation, service, null, outcome, null, null);
		this.listener.decided(decision);
		return decision;
	}

	private MeteringDecision tell(Admission admission, MeteringOutcome outcome, @Nullable Authorization authorization,
			@Nullable Throwable failure) {
		MeteringDecision decision = new MeteringDecision(admission.operation(), admission.service().id(),
				admission.caller(), outcome, authorization, failure);
		Observed observed = admission.observed();
		if (observed != null) {
			observed.decided(decision);
		}
		this.listener.decided(decision);
		return decision;
	}

}

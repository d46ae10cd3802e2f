package io.threescale.spring.metering;

import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Extension;
import io.threescale.spring.client.WaitingThread;
import io.threescale.spring.credentials.InvalidCredentialsException;
import io.threescale.spring.metering.Admission.Billing;
import io.threescale.spring.metering.problem.CredentialsMissingException;
import io.threescale.spring.metering.problem.MeteringException;
import io.threescale.spring.metering.problem.MeteringUnavailableException;
import io.threescale.spring.metering.problem.RateLimitHeaders;
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

	/** Says why a call would be refused: the type of the problem. */
	private static final String WOULD_DENY = "ThreeScale-Would-Deny";

	private static final Set<Extension> EXTENSIONS = Set.of(Extension.LIMIT_HEADERS, Extension.HIERARCHY);

	private final MeteredServices services;

	private final MeteringSettings settings;

	private final MeteringListener listener;

	private final @Nullable DecisionObserver observer;

	private final Clock clock;

	private final MeteringLog log;

	private final OpenCalls openCalls = new OpenCalls();

	private final Settlements settlements;

	private final UndecidedCalls undecidedCalls;

	/**
	 * Create a gate.
	 * @param services ask 3scale, and find out who calls
	 * @param settings how calls are metered
	 * @param listener hears of every decision
	 * @param observer observes decisions, or {@code null} if nobody does
	 * @param clock tells when a call was made
	 */
	public MeteringGate(MeteredServices services, MeteringSettings settings, MeteringListener listener,
			@Nullable DecisionObserver observer, Clock clock) {
		this.services = services;
		this.settings = settings;
		this.listener = listener;
		this.observer = observer;
		this.clock = clock;
		this.log = new MeteringLog(clock);
		this.settlements = new Settlements(listener, this.log, settings, clock, this.openCalls);
		this.undecidedCalls = new UndecidedCalls(settings, listener, this.log, this.settlements);
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
		return (service != null) ? admit(operation, service, caller, null) : unknownService(operation);
	}

	private Mono<MeteredCall> admit(MeteredOperation operation, MeteredService service,
			@Nullable ApplicationCredentials known, @Nullable String referrer) {
		ApplicationCredentials caller = (known != null) ? known : service.anonymous();
		if (caller == null) {
			return this.settings.anonymousPass() ? anonymous(operation, service) : unauthenticated(operation, service);
		}
		boolean charged = operation.chargeOn().isAdmission() && operation.measures().isEmpty()
				&& !this.settings.responseCodes();
		Admission admission = new Admission(operation, service, caller, referrer, charged);
		AuthorizationRequest question = new AuthorizationRequest(caller, operation.usage(), referrer, null, null,
				EXTENSIONS, Map.of());
		Mono<MeteredCall> decision = this.openCalls
			.deciding((charged ? service.client().authRep(question) : service.client().authorize(question))
				// A client that says nothing at all must not let everybody pass
				.switchIfEmpty(Mono.error(() -> new IllegalStateException("The client made no decision")))
				.map((answer) -> answered(admission, answer))
				.onErrorResume(ThreeScaleException.class,
						(ex) -> this.undecidedCalls.decide(admission, ex, isShadow(operation)).map(this::told)));
		Mono<MeteredCall> observed = (this.observer == null) ? decision
				: this.observer.observe(operation, service.id(), decision, MeteringGate::decision);
		return observed.map((call) -> passing(call, operation));
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
			RateLimitHeaders.write(call.authorization().status(), admission.operation().usage(),
					call.billing() == Billing.CHARGED, this.clock.instant(), headers);
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
		this.log.unknownService(operation);
		return unasked(operation, "unknown", MeteringOutcome.MISCONFIGURED, new MeteringUnavailableException(null));
	}

	private Mono<MeteredCall> unauthenticated(MeteredOperation operation, MeteredService service) {
		return unasked(operation, service.id(),
				isShadow(operation) ? MeteringOutcome.WOULD_DENY : MeteringOutcome.UNAUTHENTICATED,
				new CredentialsMissingException(service.credentials().challenges()));
	}

	private Mono<MeteredCall> anonymous(MeteredOperation operation, MeteredService service) {
		return unasked(operation, service.id(), MeteringOutcome.UNAUTHENTICATED, null)
			.thenReturn(MeteredCall.unmetered());
	}

	private Mono<MeteredCall> unasked(MeteredOperation operation, String service, MeteringOutcome outcome,
			@Nullable MeteringException refusal) {
		MeteringDecision decision = new MeteringDecision(operation, service, null, outcome, null, null);
		return Mono.fromSupplier(() -> passing(told(new MeteredCall(null, decision, refusal)), operation));
	}

	private MeteredCall answered(Admission admission, Authorization answer) {
		MeteredCall call = told(admission.answered(answer, enforcement(admission.operation()), this.clock));
		if (call.billing() == Billing.CHARGED) {
			this.listener.used(admission.service().id(), admission.operation().usage(), true);
		}
		return call;
	}

	private MeteredCall told(MeteredCall call) {
		this.listener.decided(decision(call));
		if (call.billing() == Billing.DUE) {
			this.openCalls.add(call);
		}
		return call;
	}

	private static MeteringDecision decision(MeteredCall call) {
		return Objects.requireNonNull(call.decision());
	}

	private MeteredCall passing(MeteredCall call, MeteredOperation operation) {
		MeteringException refusal = call.refusal();
		if (refusal != null && !isShadow(operation)) {
			throw refusal;
		}
		return call;
	}

	private boolean isShadow(MeteredOperation operation) {
		return enforcement(operation) == Enforcement.SHADOW;
	}

	private Enforcement enforcement(MeteredOperation operation) {
		return this.settings.enforcement().or(operation.enforcement());
	}

	/**
	 * Charge a call for what is known only now that it is done. Does so once, however
	 * often it is told to, and neither waits nor fails: usage that cannot be reported is
	 * counted and logged.
	 * @param call the call
	 * @param completed what came of it
	 */
	public void settle(MeteredCall call, CompletedCall completed) {
		this.settlements.settle(call, completed);
	}

	/**
	 * Charge what a call turns out to have used, with the call or, if that is done, by
	 * itself. Neither waits nor fails, as {@link #settle} does.
	 * @param call the call
	 * @param metric the system name of the metric
	 * @param units how many
	 */
	public void charge(MeteredCall call, String metric, long units) {
		this.settlements.charge(call, metric, units);
	}

	/**
	 * Wait for the calls that are open, as at a stop: who has been answered is to be
	 * counted. Calls that do not end by themselves are waited for shortly only.
	 * @return completes when 3scale has been told, or cannot be
	 */
	public Mono<Void> settled() {
		return this.openCalls.none();
	}

}

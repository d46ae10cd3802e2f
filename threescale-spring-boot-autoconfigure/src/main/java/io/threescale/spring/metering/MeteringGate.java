package io.threescale.spring.metering;

import java.time.Clock;
import java.time.Duration;
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
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Transaction;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Extension;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.credentials.CredentialsResolver;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;

/**
 * Makes the one decision about a metered call: who calls, what 3scale says to it, and
 * what to do if it says nothing.
 *
 * @since 0.1.0
 */
public final class MeteringGate {

	private static final Log logger = LogFactory.getLog(MeteringGate.class);

	private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

	private static final Set<Extension> EXTENSIONS = Set.of(Extension.LIMIT_HEADERS, Extension.HIERARCHY);

	private final ReactiveThreeScaleClient client;

	private final CredentialsResolver credentials;

	private final MeteringSettings settings;

	private final MeteringListener listener;

	private final Clock clock;

	private final OncePerInterval log;

	/**
	 * Create a gate.
	 * @param client asks 3scale
	 * @param credentials finds out who calls
	 * @param settings how calls are metered
	 * @param listener hears of every decision
	 * @param clock tells when a call was made, and when a failure may be logged again
	 */
	public MeteringGate(ReactiveThreeScaleClient client, CredentialsResolver credentials, MeteringSettings settings,
			MeteringListener listener, Clock clock) {
		this.client = client;
		this.credentials = credentials;
		this.settings = settings;
		this.listener = listener;
		this.clock = clock;
		this.log = new OncePerInterval(clock, LOG_INTERVAL);
	}

	/**
	 * Decide whether a call may go on, and have it counted if so.
	 * @param operation what is called
	 * @param request the request, on either web stack
	 * @return what 3scale granted, {@link ApplicationStatus#UNKNOWN} if the
	 * {@link FailurePolicy} let the call pass; fails with a {@link MeteringException} if
	 * the call may not go on
	 */
	public Mono<Granted> admit(MeteredOperation operation, HttpRequest request) {
		ApplicationCredentials caller = this.credentials.resolve(request);
		if (caller == null) {
			this.listener.decided(operation, MeteringOutcome.UNAUTHENTICATED, null);
			return Mono.error(new CredentialsMissingException(this.credentials.challenges()));
		}
		AuthorizationRequest question = new AuthorizationRequest(caller, operation.usage(), referrer(request), null,
				null, EXTENSIONS, Map.of());
		return this.client.authRep(question)
			.map((authorization) -> decided(operation, authorization))
			.onErrorResume(ThreeScaleException.class, (ex) -> undecided(operation, caller, ex));
	}

	/**
	 * Not every referrer is passed on: {@code *} would open every filter.
	 */
	private @Nullable String referrer(HttpRequest request) {
		String referrer = this.settings.forwardReferrer() ? request.getHeaders().getFirst(HttpHeaders.REFERER) : null;
		return "*".equals(referrer) ? null : referrer;
	}

	private Granted decided(MeteredOperation operation, Authorization authorization) {
		if (authorization instanceof Denied denied) {
			this.listener.decided(operation, MeteringOutcome.DENIED, denied.code());
			throw new CallDeniedException(denied, operation.usage());
		}
		this.listener.decided(operation, MeteringOutcome.GRANTED, null);
		return (Granted) authorization;
	}

	private Mono<Granted> undecided(MeteredOperation operation, ApplicationCredentials caller, ThreeScaleException ex) {
		if (ex instanceof ThreeScaleMisconfiguredException misconfigured) {
			this.listener.decided(operation, MeteringOutcome.MISCONFIGURED, misconfigured.code());
			if (this.log.allows(String.valueOf(ex.getMessage()))) {
				logger.error("Metered calls fail until the configuration is mended. " + ex.getMessage());
			}
			return Mono.error(new MeteringUnavailableException(ex));
		}
		return switch (this.settings.failurePolicy()) {
			case DENY, LAST_KNOWN -> {
				this.listener.decided(operation, MeteringOutcome.UNAVAILABLE, null);
				warn("are refused", ex);
				yield Mono.error(new MeteringUnavailableException(ex));
			}
			case ALLOW -> pass(operation, caller, ex);
		};
	}

	/**
	 * What may have been counted already is not reported again.
	 */
	private Mono<Granted> pass(MeteredOperation operation, ApplicationCredentials caller, ThreeScaleException ex) {
		boolean ambiguous = ex instanceof ThreeScaleUnavailableException unavailable && unavailable.isAmbiguous();
		Mono<MeteringOutcome> outcome = (this.settings.reportsUndecided() && !ambiguous) ? report(operation, caller)
				: Mono.just(MeteringOutcome.UNCOUNTED);
		return outcome.map((decided) -> {
			this.listener.decided(operation, decided, null);
			warn("pass undecided, and are " + decided.name().toLowerCase(Locale.ROOT), ex);
			return new Granted(ApplicationStatus.UNKNOWN);
		});
	}

	private Mono<MeteringOutcome> report(MeteredOperation operation, ApplicationCredentials caller) {
		return this.client.report(Transaction.of(caller, operation.usage()).at(this.clock.instant()))
			.thenReturn(MeteringOutcome.DEFERRED)
			.onErrorReturn(ThreeScaleException.class, MeteringOutcome.UNCOUNTED);
	}

	private void warn(String what, ThreeScaleException ex) {
		if (this.log.allows(what)) {
			logger.warn("Metered calls " + what + ". " + ex.getMessage());
		}
	}

}

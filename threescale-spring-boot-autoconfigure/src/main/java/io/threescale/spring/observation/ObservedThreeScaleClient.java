package io.threescale.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.threescale.spring.Authorization;
import io.threescale.spring.PartialReportException;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Observes the calls of another client.
 *
 * @since 0.1.0
 */
public final class ObservedThreeScaleClient implements ReactiveThreeScaleClient {

	private static final ThreeScaleClientObservationConvention DEFAULT_CONVENTION = new DefaultThreeScaleClientObservationConvention();

	private final ReactiveThreeScaleClient client;

	private final String service;

	private final ObservationRegistry registry;

	private final @Nullable ThreeScaleClientObservationConvention convention;

	/**
	 * Observe a client.
	 * @param client the client that does the work
	 * @param serviceId the id of its service, or {@code null} for the default one
	 * @param registry where to observe
	 * @param convention names the observations, or {@code null} for the default names
	 */
	public ObservedThreeScaleClient(ReactiveThreeScaleClient client, @Nullable String serviceId,
			ObservationRegistry registry, @Nullable ThreeScaleClientObservationConvention convention) {
		this.client = client;
		this.service = (serviceId != null) ? serviceId : "default";
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return observe("authorize", this.client.authorize(request));
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return observe("authrep", this.client.authRep(request));
	}

	@Override
	public Mono<Void> report(ReportRequest request) {
		return observe("report", this.client.report(request));
	}

	@Override
	public void close() {
		this.client.close();
	}

	/**
	 * Stops the observation before anybody is told, so that who has the answer finds it
	 * counted.
	 */
	private <T> Mono<T> observe(String operation, Mono<T> call) {
		return Mono.deferContextual((reactorContext) -> {
			ThreeScaleClientObservationContext context = new ThreeScaleClientObservationContext(this.service,
					operation);
			Observation observation = ThreeScaleClientObservation.CALL
				.observation(this.convention, DEFAULT_CONVENTION, () -> context, this.registry)
				.parentObservation(parent(reactorContext));
			return Mono.using(observation::start,
					(started) -> call.doOnSuccess((value) -> context.outcome(outcome(value)))
						.doOnError((ex) -> context.outcome(outcome(ex)))
						.doOnError(started::error)
						.doOnCancel(() -> context.outcome("cancelled")),
					Observation::stop);
		});
	}

	private @Nullable Observation parent(ContextView reactorContext) {
		return reactorContext.<Observation>getOrEmpty(ObservationThreadLocalAccessor.KEY)
			.orElseGet(this.registry::getCurrentObservation);
	}

	private static String outcome(@Nullable Object value) {
		if (value instanceof Authorization authorization) {
			return authorization.isGranted() ? "granted" : "denied";
		}
		return "accepted";
	}

	private static String outcome(Throwable ex) {
		if (ex instanceof ThreeScaleMisconfiguredException) {
			return "misconfigured";
		}
		if (ex instanceof PartialReportException partial) {
			return outcome(partial.failure());
		}
		boolean ambiguous = ex instanceof ThreeScaleUnavailableException unavailable && unavailable.isAmbiguous();
		return ambiguous ? "ambiguous" : "unavailable";
	}

}

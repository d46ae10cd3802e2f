package io.threescale.spring.observation;

import java.util.function.Supplier;

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
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;
import reactor.core.observability.DefaultSignalListener;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Observes the calls of another client.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
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
		return observe("authorize", () -> this.client.authorize(request));
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return observe("authrep", () -> this.client.authRep(request));
	}

	@Override
	public Mono<Void> report(ReportRequest request) {
		return observe("report", () -> this.client.report(request));
	}

	@Override
	public void close() {
		this.client.close();
	}

	private <T> Mono<T> observe(String operation, Supplier<Mono<T>> call) {
		return Mono.deferContextual((reactorContext) -> {
			ThreeScaleClientObservationContext context = new ThreeScaleClientObservationContext(this.service,
					operation);
			Observation observation = ThreeScaleClientObservation.CALL
				.observation(this.convention, DEFAULT_CONVENTION, () -> context, this.registry)
				.parentObservation(parent(reactorContext))
				.start();
			return Mono.defer(call).tap(() -> new Call<>(observation, context));
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

	/**
	 * Stops the observation of one call before anybody is told, so that who has the
	 * answer finds it counted.
	 */
	private static final class Call<T> extends DefaultSignalListener<T> {

		private final Observation observation;

		private final ThreeScaleClientObservationContext context;

		private boolean over;

		Call(Observation observation, ThreeScaleClientObservationContext context) {
			this.observation = observation;
			this.context = context;
		}

		@Override
		public void doOnNext(T answer) {
			stop(outcome(answer));
		}

		@Override
		public void doOnComplete() {
			stop(outcome((Object) null));
		}

		@Override
		public void doOnError(Throwable ex) {
			if (!this.over) {
				this.observation.error(ex);
			}
			stop(outcome(ex));
		}

		@Override
		public void doOnCancel() {
			stop("cancelled");
		}

		private void stop(String outcome) {
			if (!this.over) {
				this.over = true;
				this.context.outcome(outcome);
				this.observation.stop();
			}
		}

	}

}

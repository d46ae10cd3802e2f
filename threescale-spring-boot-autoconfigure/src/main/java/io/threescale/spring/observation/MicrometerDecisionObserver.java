package io.threescale.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.Observation.Scope;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.metering.ApplicationNames;
import io.threescale.spring.metering.DecisionObserver;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteringDecision;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Makes an observation of each decision. The calls of the backend that it takes are
 * children of it, and it is one of the request.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class MicrometerDecisionObserver implements DecisionObserver {

	private static final MeteringObservationConvention DEFAULT_CONVENTION = new DefaultMeteringObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable MeteringObservationConvention convention;

	private final ApplicationNames names;

	private final BoundedTag operations = new BoundedTag("operation");

	/**
	 * Create an observer.
	 * @param registry where to observe
	 * @param convention names the observations, or {@code null} for the default names
	 * @param names names the applications
	 */
	public MicrometerDecisionObserver(ObservationRegistry registry, @Nullable MeteringObservationConvention convention,
			ApplicationNames names) {
		this.registry = registry;
		this.convention = convention;
		this.names = names;
	}

	@Override
	public @Nullable Observed begin(MeteredOperation operation, String service) {
		MeteringObservationContext context = new MeteringObservationContext(this.operations.of(operation.name()),
				service);
		Observation observation = MeteringObservation.DECISION.observation(this.convention, DEFAULT_CONVENTION,
				() -> context, this.registry);
		return observation.isNoop() ? null : new ObservedDecision(this, observation, context);
	}

	/**
	 * A decision that is observed.
	 */
	private record ObservedDecision(MicrometerDecisionObserver observer, Observation observation,
			MeteringObservationContext context) implements Observed {

		@Override
		public <T> Mono<T> around(Mono<T> decision) {
			return Mono.deferContextual((reactorContext) -> {
				Observation current = this.observer.registry.getCurrentObservation();
				this.observation.parentObservation(
						reactorContext.<Observation>getOrEmpty(ObservationThreadLocalAccessor.KEY).orElse(current));
				this.observation.start();
				Mono<T> observed = decision.doOnTerminate(this.observation::stop)
					.doOnCancel(this.observation::stop)
					.contextWrite((inner) -> inner.put(ObservationThreadLocalAccessor.KEY, this.observation));
				return (current != null) ? inScope(observed) : observed;
			});
		}

		/**
		 * A tracer takes the span of the thread for the parent, whatever it is told.
		 */
		private <T> Mono<T> inScope(Mono<T> decision) {
			return Mono.fromDirect((subscriber) -> {
				Scope scope = this.observation.openScope();
				try {
					decision.subscribe(subscriber);
				}
				finally {
					scope.close();
				}
			});
		}

		@Override
		public void decided(MeteringDecision decision) {
			ApplicationCredentials caller = decision.caller();
			this.context.decided(decision, (caller != null) ? this.observer.names.of(caller) : null);
			Throwable failure = decision.failure();
			if (failure != null) {
				this.observation.error(failure);
			}
		}

	}

}

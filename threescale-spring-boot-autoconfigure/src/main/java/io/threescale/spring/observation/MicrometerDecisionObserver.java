package io.threescale.spring.observation;

import java.util.function.Function;

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
	public <T> Mono<T> observe(MeteredOperation operation, String service, Mono<T> decided,
			Function<T, MeteringDecision> decision) {
		MeteringObservationContext context = new MeteringObservationContext(this.operations.of(operation.name()),
				service);
		Observation observation = MeteringObservation.DECISION.observation(this.convention, DEFAULT_CONVENTION,
				() -> context, this.registry);
		return observation.isNoop() ? decided : Mono.deferContextual((reactorContext) -> {
			Observation current = this.registry.getCurrentObservation();
			observation.parentObservation(
					reactorContext.<Observation>getOrEmpty(ObservationThreadLocalAccessor.KEY).orElse(current));
			observation.start();
			Mono<T> observed = decided.doOnNext((call) -> tell(decision.apply(call), observation, context))
				.doOnTerminate(observation::stop)
				.doOnCancel(observation::stop)
				.contextWrite((inner) -> inner.put(ObservationThreadLocalAccessor.KEY, observation));
			return (current != null) ? inScope(observation, observed) : observed;
		});
	}

	/**
	 * A tracer takes the span of the thread for the parent, whatever it is told.
	 */
	private static <T> Mono<T> inScope(Observation observation, Mono<T> decided) {
		return Mono.fromDirect((subscriber) -> {
			Scope scope = observation.openScope();
			try {
				decided.subscribe(subscriber);
			}
			finally {
				scope.close();
			}
		});
	}

	private void tell(MeteringDecision decision, Observation observation, MeteringObservationContext context) {
		ApplicationCredentials caller = decision.caller();
		context.decided(decision, (caller != null) ? this.names.of(caller) : null);
		Throwable failure = decision.failure();
		if (failure != null) {
			observation.error(failure);
		}
	}

}

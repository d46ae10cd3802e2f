package io.threescale.spring.metering;

import java.util.function.Function;

import org.jetbrains.annotations.ApiStatus;
import reactor.core.publisher.Mono;

/**
 * Observes decisions about metered calls, each from begin to end.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public interface DecisionObserver {

	/**
	 * Observe a decision.
	 * @param <T> the type of what is decided about
	 * @param operation what is called
	 * @param service the id of the service
	 * @param decided comes to the decision
	 * @param decision tells how it was decided
	 * @return the same, observed from its subscription on
	 */
	<T> Mono<T> observe(MeteredOperation operation, String service, Mono<T> decided,
			Function<T, MeteringDecision> decision);

}

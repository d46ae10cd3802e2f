package io.threescale.spring.metering;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Observes decisions about metered calls, each from begin to end.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
@FunctionalInterface
public interface DecisionObserver {

	/**
	 * Begin to observe a decision.
	 * @param operation what is called
	 * @param service the id of the service
	 * @return the observation, or {@code null} if nobody wants it
	 */
	@Nullable Observed begin(MeteredOperation operation, String service);

	/**
	 * A decision that is observed.
	 */
	interface Observed {

		/**
		 * Observe what is done to decide.
		 * @param <T> the type of the decision
		 * @param decision comes to the decision
		 * @return the same, observed from its subscription on
		 */
		<T> Mono<T> around(Mono<T> decision);

		/**
		 * Hear of the decision.
		 * @param decision the decision
		 */
		void decided(MeteringDecision decision);

	}

}

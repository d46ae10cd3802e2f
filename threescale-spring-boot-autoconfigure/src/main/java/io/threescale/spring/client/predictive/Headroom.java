package io.threescale.spring.client.predictive;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Where what an instance may use without asking 3scale comes from. An instance that knows
 * of no other gets nothing in addition.
 */
@FunctionalInterface
interface Headroom {

	/**
	 * Make the allowance of one limit.
	 */
	Allowance allowance(LimitCounter counter);

	/**
	 * Tell whether what instances share is out of reach, so that no call waits for it.
	 */
	default boolean isAway() {
		return false;
	}

	/**
	 * Get more while nobody waits for it.
	 */
	default void refill(Call call, ApplicationLimits limits) {
	}

	/**
	 * Get more for a call that waits.
	 * @return completes when there may be more, or {@code null} if only 3scale can tell
	 */
	default @Nullable Mono<Void> more(Call call, ApplicationLimits limits) {
		return null;
	}

	/**
	 * Tell whether 3scale may be asked for a call, the usage of which is set aside.
	 */
	default Mono<Boolean> bears(Call call, ApplicationLimits limits) {
		return Mono.just(true);
	}

	/**
	 * Get nothing more, and give back to others what is left. Called when no more usage
	 * is taken.
	 */
	default void close() {
	}

}

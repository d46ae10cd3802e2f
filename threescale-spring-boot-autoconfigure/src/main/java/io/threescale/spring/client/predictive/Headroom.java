package io.threescale.spring.client.predictive;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Where what an instance may use without asking 3scale comes from.
 */
sealed interface Headroom permits OwnHeadroom, SharedHeadroom {

	/**
	 * Make the allowance of one limit.
	 */
	Allowance allowance();

	/**
	 * Tell whether what instances share is out of reach, so that no call waits for it.
	 */
	boolean isAway();

	/**
	 * Tell whether more should be at hand soon. Called inside the monitor of the usage.
	 */
	boolean isLow(ApplicationLimits limits);

	/**
	 * Get more while nobody waits for it.
	 */
	void refill(Call call, ApplicationLimits limits);

	/**
	 * Get more for a call that waits.
	 * @return whether there was an answer, or {@code null} if only 3scale can tell
	 */
	@Nullable Mono<Boolean> more(Call call, ApplicationLimits limits);

	/**
	 * Tell whether 3scale may be asked for a call, the usage of which is set aside.
	 */
	Mono<Boolean> bears(Call call, ApplicationLimits limits);

	/**
	 * Get nothing more, and give back to others what is left. Called when no more usage
	 * is taken.
	 */
	void close();

}

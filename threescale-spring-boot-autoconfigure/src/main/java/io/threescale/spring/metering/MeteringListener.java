package io.threescale.spring.metering;

import io.threescale.spring.ErrorCode;
import io.threescale.spring.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Hears of every decision about a metered call. Called by the thread that decides, so it
 * should be quick.
 *
 * @since 0.1.0
 */
public interface MeteringListener {

	/**
	 * Hear of a decision.
	 * @param operation what was called
	 * @param service the id of the service
	 * @param outcome the decision
	 * @param code the code 3scale gave, or {@code null}
	 */
	void decided(MeteredOperation operation, String service, MeteringOutcome outcome, @Nullable ErrorCode code);

	/**
	 * Hear of the usage of a call that went on.
	 * @param service the id of the service
	 * @param usage what was used
	 * @param counted whether 3scale knows of it, or will
	 */
	void used(String service, Usage usage, boolean counted);

}

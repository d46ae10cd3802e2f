package io.threescale.spring.metering;

import io.threescale.spring.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Hears of every decision about a metered call. All beans of this type are told, on the
 * thread that decides, so they should be quick and must not throw.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MeteringListener {

	/**
	 * Hear of a decision.
	 * @param operation what was called
	 * @param outcome the decision
	 * @param code the code 3scale gave, or {@code null}
	 */
	void decided(MeteredOperation operation, MeteringOutcome outcome, @Nullable ErrorCode code);

}

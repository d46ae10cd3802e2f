package io.threescale.spring.metering;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

/**
 * Knows the request that a thread serves.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
@FunctionalInterface
public interface RequestCalls {

	/**
	 * Find the place for the call of the request.
	 * @return the place, or {@code null} if the thread serves no request
	 */
	@Nullable CurrentCall current();

}

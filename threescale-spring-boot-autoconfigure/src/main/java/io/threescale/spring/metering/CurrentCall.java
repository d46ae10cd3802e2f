package io.threescale.spring.metering;

import org.jspecify.annotations.Nullable;

/**
 * Knows the call of the request that the current thread serves.
 *
 * @since 0.1.0
 */
public interface CurrentCall {

	/**
	 * Return the call.
	 * @return the call, or {@code null} if there is no request, or nobody has decided
	 * about it
	 */
	@Nullable MeteredCall get();

	/**
	 * Take a call for that of the request, if there is one. What follows in the request
	 * is part of it.
	 * @param call the call
	 */
	void set(MeteredCall call);

}

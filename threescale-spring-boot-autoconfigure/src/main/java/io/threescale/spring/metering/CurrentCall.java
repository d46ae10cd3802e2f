package io.threescale.spring.metering;

import org.jspecify.annotations.Nullable;

/**
 * Knows the call of the request that the current thread serves.
 *
 * @since 0.1.0
 */
public interface CurrentCall {

	/**
	 * Return the call: that of the request, or else of a method that was metered while it
	 * was served.
	 * @return the call, or {@code null} if there is no request, or nothing in it was
	 * metered yet
	 */
	@Nullable MeteredCall get();

	/**
	 * Note that a method was metered while the request was served, if there is one. What
	 * follows in the request is part of its call.
	 * @param call the call
	 */
	void set(MeteredCall call);

}

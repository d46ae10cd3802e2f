package io.threescale.spring.metering;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;

/**
 * Finds out which service a call belongs to, where neither annotation nor rule says so:
 * by host, path or tenant.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ServiceResolver {

	/**
	 * Find the service of a call.
	 * @param request the request, on either web stack
	 * @return a name under {@code threescale.services}, or {@code null} for the default
	 * service
	 */
	@Nullable String resolve(HttpRequest request);

}

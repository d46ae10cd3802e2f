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
	 * Find the service of a call. Called by several threads at a time; on WebFlux by
	 * event loops, so it must not block.
	 * @param request the request, on either web stack
	 * @return a name under {@code threescale.services}, or {@code null} for the default
	 * service. A name that is not there fails the call with 503, and an ERROR says so
	 */
	@Nullable String resolve(HttpRequest request);

}

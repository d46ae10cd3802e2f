package io.threescale.spring.metering;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;
import org.springframework.http.server.PathContainer;
import org.springframework.web.method.HandlerMethod;

/**
 * Finds out what a call uses.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface UsageResolver {

	/**
	 * Find out what a call uses. Called for every request, so it should be quick; by
	 * several threads at a time, on WebFlux by event loops, so it must not block.
	 * @param handler the handler that would serve the request: a {@link HandlerMethod},
	 * or whatever else the web stack has found
	 * @param request the request, on either web stack
	 * @param path its path within the application
	 * @return the operation, or {@code null} if the call is not metered
	 */
	@Nullable MeteredOperation resolve(Object handler, HttpRequest request, PathContainer path);

}

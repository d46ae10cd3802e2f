package io.threescale.spring.metering.method;

import io.threescale.spring.ApplicationCredentials;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * Finds out for whom a metered method is called: from its arguments, a message, or
 * whatever the application has at hand.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MethodCredentialsResolver {

	/**
	 * Find the credentials of the caller. Called by the thread that calls the method, or
	 * subscribes to what it returns; if that is an event loop, it must not block.
	 * @param invocation the method and its arguments
	 * @return the credentials, or {@code null} if there are none: then
	 * {@code threescale.anonymous.policy} decides
	 */
	@Nullable ApplicationCredentials resolve(MethodInvocation invocation);

}

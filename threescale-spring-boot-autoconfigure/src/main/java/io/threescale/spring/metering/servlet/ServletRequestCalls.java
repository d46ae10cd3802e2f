package io.threescale.spring.metering.servlet;

import io.threescale.spring.metering.CurrentCall;
import io.threescale.spring.metering.RequestCalls;
import org.jspecify.annotations.Nullable;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Finds the request that Spring has bound to the thread.
 *
 * @since 0.1.0
 */
public final class ServletRequestCalls implements RequestCalls {

	@Override
	public @Nullable CurrentCall current() {
		return (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)
				? ServletCall.of(attributes.getRequest()).current() : null;
	}

}

package io.threescale.spring.metering.servlet;

import io.threescale.spring.metering.CurrentCall;
import io.threescale.spring.metering.MeteredCall;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Finds the call of the request that Spring has bound to the thread.
 *
 * @since 0.1.0
 */
public final class ServletCurrentCall implements CurrentCall {

	@Override
	public @Nullable MeteredCall get() {
		HttpServletRequest request = request();
		ServletCall servletCall = (request != null) ? ServletCall.of(request) : null;
		if (servletCall == null) {
			return null;
		}
		MeteredCall call = servletCall.call();
		return (call != null) ? call : servletCall.methodCall();
	}

	@Override
	public void set(MeteredCall call) {
		HttpServletRequest request = request();
		if (request != null) {
			ServletCall.of(request).meteredMethod(call);
		}
	}

	private static @Nullable HttpServletRequest request() {
		return (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)
				? attributes.getRequest() : null;
	}

}

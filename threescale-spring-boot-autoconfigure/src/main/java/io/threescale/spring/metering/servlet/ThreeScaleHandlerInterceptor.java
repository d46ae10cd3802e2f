package io.threescale.spring.metering.servlet;

import io.threescale.spring.metering.problem.MeteringException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Has a call decided about before its handler, as the last of the interceptors.
 *
 * @since 0.1.0
 * @see ThreeScaleFilter
 */
public final class ThreeScaleHandlerInterceptor implements HandlerInterceptor {

	private final ServletMetering metering;

	/**
	 * Create an interceptor.
	 * @param metering decides
	 */
	public ThreeScaleHandlerInterceptor(ServletMetering metering) {
		this.metering = metering;
	}

	/**
	 * Let a call go on if it is not metered, was decided before, or is granted now.
	 * @throws MeteringException if the call may not go on
	 */
	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		this.metering.admit(request, response, handler);
		ServletCall.of(request).intercepted(handler);
		return true;
	}

	/**
	 * Settle a call that has come through no filter, as in MockMvc without filters.
	 */
	@Override
	public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable Exception ex) {
		ServletCall call = ServletCall.of(request);
		if (!call.isAwaited()) {
			call.settle(response, ex);
		}
	}

}

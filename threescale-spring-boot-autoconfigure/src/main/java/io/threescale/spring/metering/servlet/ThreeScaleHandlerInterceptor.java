package io.threescale.spring.metering.servlet;

import java.util.function.Predicate;

import io.threescale.spring.metering.CurrentCall;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.metering.UsageResolver;
import io.threescale.spring.metering.problem.MeteringException;
import io.threescale.spring.metering.rules.CanonicalPath;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.cors.PreFlightRequestHandler;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.mvc.AbstractController;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Performs authrep for a request that has a metered handler, as the last of the
 * interceptors: once, however many dispatches it goes through. The calling thread waits
 * for the decision, but not for the settlement of what is known only afterwards.
 *
 * @since 0.1.0
 * @see ThreeScaleFilter
 */
public final class ThreeScaleHandlerInterceptor implements HandlerInterceptor {

	private final MeteringGate gate;

	private final UsageResolver usages;

	private final Predicate<Object> free;

	/**
	 * Create an interceptor.
	 * @param gate decides
	 * @param usages tells what a call uses
	 * @param free knows handlers that are never metered
	 */
	public ThreeScaleHandlerInterceptor(MeteringGate gate, UsageResolver usages, Predicate<Object> free) {
		this.gate = gate;
		this.usages = usages;
		this.free = free;
	}

	/**
	 * Let a call go on if it is not metered, was decided before, or is granted now.
	 * @throws MeteringException if the call may not go on
	 */
	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		admit(request, response, handler);
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

	/**
	 * Decide about a request, unless that has been done, or its handler is not metered. A
	 * call that is admitted is settled at the end of the request, wherever it gets to.
	 * @param request the request
	 * @param response the response, for the {@code RateLimit} headers
	 * @param handler the handler that would serve the request
	 * @return the call, or {@code null} if it is not metered
	 * @throws MeteringException if the call may not go on
	 */
	public @Nullable MeteredCall admit(HttpServletRequest request, HttpServletResponse response, Object handler) {
		ServletCall servletCall = ServletCall.of(request);
		servletCall.throwRefusal();
		if (servletCall.call() != null || isErrorPage(request)) {
			return servletCall.call();
		}
		ServletServerHttpRequest httpRequest = new ServletServerHttpRequest(request);
		MeteredOperation operation = operation(httpRequest, handler);
		if (operation == null) {
			return null;
		}
		MeteredCall call = MeteringGate.await(this.gate.admit(operation, httpRequest));
		servletCall.admitted(call, request, this.gate);
		HttpHeaders limits = new HttpHeaders();
		this.gate.writeHeaders(call, limits);
		ServletHeaders.write(limits, response);
		return call;
	}

	/**
	 * Find the place for the call of the request that Spring has bound to the thread.
	 * @return the place, or {@code null} if the thread serves no request
	 */
	public static @Nullable CurrentCall current() {
		return (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)
				? ServletCall.of(attributes.getRequest()).current() : null;
	}

	/**
	 * Have the next decision about a request be a refusal, as it was refused already, and
	 * is now on its way to whoever answers that.
	 * @param request the request
	 * @param refusal why
	 */
	public void refuse(HttpServletRequest request, RuntimeException refusal) {
		ServletCall.of(request).refuse(refusal);
	}

	/**
	 * An error page belongs to the call that failed, whoever renders it, and whenever.
	 */
	private static boolean isErrorPage(HttpServletRequest request) {
		return switch (request.getDispatcherType()) {
			case ERROR -> true;
			case ASYNC -> request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) != null;
			default -> false;
		};
	}

	private @Nullable MeteredOperation operation(ServletServerHttpRequest request, Object handler) {
		if (this.free.test(handler) || isAnsweredBySpring(request.getServletRequest(), handler)) {
			return null;
		}
		PathContainer path = path(request.getServletRequest());
		return this.usages.resolve(handler, request,
				(handler instanceof ResourceHttpRequestHandler) ? CanonicalPath.ofFile(path) : path);
	}

	/**
	 * CORS preflights, and {@code OPTIONS} that no handler of the application is mapped
	 * to, are answered by Spring itself: with headers, and nothing of the application.
	 */
	private static boolean isAnsweredBySpring(HttpServletRequest request, Object handler) {
		if (handler instanceof PreFlightRequestHandler || CorsUtils.isPreFlightRequest(request)) {
			return true;
		}
		return HttpMethod.OPTIONS.matches(request.getMethod()) && (handler instanceof ResourceHttpRequestHandler
				|| handler instanceof AbstractController || handler instanceof HandlerMethod handlerMethod
						&& handlerMethod.getBeanType().getEnclosingClass() == RequestMappingInfoHandlerMapping.class);
	}

	private static PathContainer path(HttpServletRequest request) {
		return (ServletRequestPathUtils.hasParsedRequestPath(request)
				? ServletRequestPathUtils.getParsedRequestPath(request) : ServletRequestPathUtils.parse(request))
			.pathWithinApplication();
	}

}

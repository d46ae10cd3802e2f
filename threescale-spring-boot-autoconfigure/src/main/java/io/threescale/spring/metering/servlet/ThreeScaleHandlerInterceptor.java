package io.threescale.spring.metering.servlet;

import java.io.IOException;

import io.threescale.spring.metering.CanonicalPath;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteringException;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.metering.UsageResolver;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.servlet.AsyncHandlerInterceptor;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Performs authrep before a metered handler: once a request, however many dispatches it
 * goes through. The calling thread waits for the decision, but not for the settlement of
 * what is known only afterwards.
 *
 * @since 0.1.0
 */
public final class ThreeScaleHandlerInterceptor implements AsyncHandlerInterceptor {

	private final MeteringGate gate;

	private final UsageResolver usages;

	/**
	 * Create an interceptor.
	 * @param gate decides
	 * @param usages tells what a call uses
	 */
	public ThreeScaleHandlerInterceptor(MeteringGate gate, UsageResolver usages) {
		this.gate = gate;
		this.usages = usages;
	}

	/**
	 * Let a call go on if it is not metered, was decided before, or is granted now.
	 * @throws MeteringException if the call may not go on
	 */
	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		admit(request, response, handler);
		ServletCall.of(request).enter();
		return true;
	}

	/**
	 * Decide about a call that has not come here yet, as for a filter that has to know
	 * who calls. It is not decided about again when it comes here. As it may be turned
	 * away before, whoever admits it has to {@linkplain #settle settle} it.
	 * @param request the request
	 * @param response the response, for the {@code RateLimit} headers
	 * @param handler the handler that would serve the request
	 * @return the call, or {@code null} if it is not metered
	 * @throws MeteringException if the call may not go on
	 */
	public @Nullable MeteredCall admit(HttpServletRequest request, HttpServletResponse response, Object handler) {
		ServletCall servletCall = ServletCall.of(request);
		if (servletCall.call() != null || isErrorPage(request)) {
			return servletCall.call();
		}
		ServletServerHttpRequest httpRequest = new ServletServerHttpRequest(request);
		PathContainer path = ServletRequestPathUtils.getParsedRequestPath(request).pathWithinApplication();
		MeteredOperation operation = this.usages.resolve(handler, httpRequest,
				(handler instanceof ResourceHttpRequestHandler) ? CanonicalPath.ofFile(path) : path);
		if (operation == null) {
			return null;
		}
		MeteredCall call = MeteringGate.await(this.gate.admit(operation, httpRequest));
		servletCall.admitted(call, request, !operation.measures().isEmpty());
		HttpHeaders headers = new HttpHeaders();
		this.gate.writeLimits(call, headers);
		headers.forEach((name, values) -> values.forEach((value) -> response.setHeader(name, value)));
		return call;
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

	/**
	 * Settle a call that goes on without a thread when the container is done with it, as
	 * nobody else hears of a caller that hangs up.
	 */
	@Override
	public void afterConcurrentHandlingStarted(HttpServletRequest request, HttpServletResponse response,
			Object handler) {
		ServletCall.of(request).leave();
		settleLater(request, response);
	}

	@Override
	public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable Exception ex) {
		if (ServletCall.of(request).leave()) {
			end(request, response, ex);
		}
	}

	/**
	 * Settle a call that was {@linkplain #admit admitted} and then turned away before it
	 * came here. One that came here is settled anyhow.
	 * @param request the request
	 * @param response the response
	 * @param failure what the call failed with, or {@code null}
	 */
	public void settle(HttpServletRequest request, HttpServletResponse response, @Nullable Throwable failure) {
		if (!ServletCall.of(request).hasArrived()) {
			end(request, response, failure);
		}
	}

	/** A handler may go on by itself, without Spring knowing. */
	private void end(HttpServletRequest request, HttpServletResponse response, @Nullable Throwable failure) {
		if (request.isAsyncStarted()) {
			settleLater(request, response);
		}
		else {
			settleNow(request, response, failure);
		}
	}

	private void settleLater(HttpServletRequest request, HttpServletResponse response) {
		if (ServletCall.of(request).call() != null && request.isAsyncStarted()) {
			request.getAsyncContext().addListener(new Settlement(request, response));
		}
	}

	private void settleNow(HttpServletRequest request, HttpServletResponse response, @Nullable Throwable failure) {
		ServletCall servletCall = ServletCall.of(request);
		MeteredCall call = servletCall.call();
		if (call != null) {
			this.gate.settle(call, servletCall.completed(response, failure));
		}
	}

	/**
	 * Hears how the container ends an asynchronous request.
	 */
	private final class Settlement implements AsyncListener {

		private final HttpServletRequest request;

		private final HttpServletResponse response;

		Settlement(HttpServletRequest request, HttpServletResponse response) {
			this.request = request;
			this.response = response;
		}

		/**
		 * Whether anything follows, the container does not say. A caller who has hung up
		 * got the status that was sent.
		 */
		@Override
		public void onError(AsyncEvent event) {
			Throwable failure = event.getThrowable();
			settleNow(this.request, this.response, (failure instanceof IOException) ? null : failure);
		}

		@Override
		public void onComplete(AsyncEvent event) {
			settleNow(this.request, this.response, null);
		}

		@Override
		public void onTimeout(AsyncEvent event) {
			// Spring answers it in a dispatch
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
			// Begins anew in a dispatch, which adds a listener of its own
		}

	}

}

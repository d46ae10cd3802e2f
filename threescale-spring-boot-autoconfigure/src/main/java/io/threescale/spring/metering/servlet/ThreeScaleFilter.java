package io.threescale.spring.metering.servlet;

import java.io.IOException;
import java.util.concurrent.Callable;

import io.threescale.spring.metering.CurrentCalls;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.util.Assert;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.CallableProcessingInterceptor;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Settles a call when its request is over: served, failed, turned away after it was
 * admitted, or left by its caller. Has the log lines of all threads that serve it tell of
 * the call. Comes before the filters of Spring Security.
 *
 * @since 0.1.0
 */
public final class ThreeScaleFilter extends OncePerRequestFilter implements CallableProcessingInterceptor, Ordered {

	private final CurrentCalls currentCalls;

	/**
	 * Create a filter.
	 * @param currentCalls hear of the call while a thread serves the request
	 */
	public ThreeScaleFilter(CurrentCalls currentCalls) {
		this.currentCalls = currentCalls;
	}

	/**
	 * After the filters that observe a request, or wrap it for all others.
	 */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE + 100;
	}

	@Override
	protected boolean shouldNotFilterAsyncDispatch() {
		return false;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		ServletCall call = ServletCall.of(request);
		call.await(this.currentCalls);
		Throwable failure = null;
		try {
			chain.doFilter(request, response);
		}
		catch (Throwable ex) {
			failure = ex;
			throw ex;
		}
		finally {
			leave(call, request, response, failure);
			this.currentCalls.show(null);
		}
	}

	/**
	 * What goes on without a thread ends in a dispatch that comes here again, or when the
	 * container is done with it: nobody else hears of a caller that hangs up.
	 */
	private void leave(ServletCall call, HttpServletRequest request, HttpServletResponse response,
			@Nullable Throwable failure) {
		if (!request.isAsyncStarted()) {
			call.settle(response, failure);
		}
		else if (call.call() != null) {
			request.getAsyncContext().addListener(new Settlement(call, response));
		}
	}

	/**
	 * A {@code Callable} that a handler has returned, or a streaming response, has a
	 * thread of its own.
	 */
	@Override
	public <T> void preProcess(NativeWebRequest webRequest, Callable<T> task) {
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		Assert.state(request != null, "A Callable of Spring MVC belongs to a servlet request");
		this.currentCalls.show(ServletCall.of(request).current());
	}

	@Override
	public <T> void postProcess(NativeWebRequest webRequest, Callable<T> task, @Nullable Object result) {
		this.currentCalls.show(null);
	}

	/**
	 * Hears how the container ends an asynchronous request.
	 */
	private record Settlement(ServletCall call, HttpServletResponse response) implements AsyncListener {

		/**
		 * Whether anything follows, the container does not say. A caller who has hung up
		 * got the status that was sent.
		 */
		@Override
		public void onError(AsyncEvent event) {
			Throwable failure = event.getThrowable();
			this.call.settle(this.response, (failure instanceof IOException) ? null : failure);
		}

		@Override
		public void onComplete(AsyncEvent event) {
			this.call.settle(this.response, null);
		}

		@Override
		public void onTimeout(AsyncEvent event) {
			// Spring answers it in a dispatch
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
			// Begins anew in a dispatch, which comes to the filter again
		}

	}

}

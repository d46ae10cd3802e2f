package io.threescale.spring.metering.servlet;

import java.util.Map;

import io.threescale.spring.metering.CompletedCall;
import io.threescale.spring.metering.CurrentCall;
import io.threescale.spring.metering.CurrentCalls;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.MeteringGate;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.servlet.HandlerMapping;

/**
 * What is known of the call that a request makes. It is there from the first dispatch on:
 * Spring takes back the attributes that an include has set.
 */
final class ServletCall {

	private static final String ATTRIBUTE = ServletCall.class.getName();

	private final CurrentCall current = new CurrentCall();

	private HttpServletRequest request;

	private Map<String, String> path = Map.of();

	private @Nullable MeteringGate gate;

	private @Nullable Object intercepted;

	private @Nullable RuntimeException refusal;

	private volatile @Nullable CurrentCalls awaiting;

	private ServletCall(HttpServletRequest request) {
		this.request = request;
	}

	static ServletCall of(HttpServletRequest request) {
		ServletCall call = (ServletCall) request.getAttribute(ATTRIBUTE);
		if (call == null) {
			call = new ServletCall(request);
			request.setAttribute(ATTRIBUTE, call);
		}
		return call;
	}

	CurrentCall current() {
		return this.current;
	}

	@Nullable MeteredCall call() {
		return this.current.admitted();
	}

	@SuppressWarnings("unchecked")
	void admitted(MeteredCall call, HttpServletRequest request, MeteringGate gate) {
		Object path = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
		this.path = (path != null) ? Map.copyOf((Map<String, String>) path) : Map.of();
		this.request = request;
		this.gate = gate;
		this.current.admit(call);
		CurrentCalls awaiting = this.awaiting;
		if (awaiting != null) {
			awaiting.show(this.current);
		}
	}

	void refuse(RuntimeException refusal) {
		this.refusal = refusal;
	}

	/**
	 * Throw what the request was refused for, once: what answers that may be a dispatch
	 * to another handler.
	 */
	void throwRefusal() {
		RuntimeException refusal = this.refusal;
		this.refusal = null;
		if (refusal != null) {
			throw refusal;
		}
	}

	/**
	 * Note that the interceptor has decided about a handler, whether it is metered or
	 * not.
	 */
	void intercepted(Object handler) {
		this.intercepted = handler;
	}

	/**
	 * Tell whether the interceptor has decided about a handler that is called now. The
	 * next call of it, in a further dispatch, is another.
	 */
	boolean isIntercepted(Object handler) {
		boolean same = this.intercepted == handler;
		this.intercepted = null;
		return same;
	}

	/**
	 * Note that a filter hears the end of the request.
	 * @param currentCalls shows the call until then
	 */
	void await(CurrentCalls currentCalls) {
		this.awaiting = currentCalls;
		currentCalls.show(this.current);
	}

	boolean isAwaited() {
		return this.awaiting != null;
	}

	/**
	 * Settle the call, if the request that is over has made one.
	 */
	void settle(HttpServletResponse response, @Nullable Throwable failure) {
		MeteredCall call = call();
		if (call != null && this.gate != null) {
			this.gate.settle(call, completed(response, failure));
		}
	}

	/**
	 * Say what came of the call. A failure nobody has answered yet is going to be
	 * answered 500.
	 */
	private CompletedCall completed(HttpServletResponse response, @Nullable Throwable failure) {
		int status = response.getStatus();
		boolean failed = failure != null && status < 400;
		return new CompletedCall(new ServletServerHttpRequest(this.request), this.path, failed ? 500 : status,
				(failure == null) ? this.current.result() : null);
	}

}

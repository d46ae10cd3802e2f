package io.threescale.spring.metering.servlet;

import java.util.Map;

import io.threescale.spring.metering.CompletedCall;
import io.threescale.spring.metering.CurrentCall;
import io.threescale.spring.metering.MeteredCall;
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

	private final HttpServletRequest request;

	private final CurrentCall current = new CurrentCall();

	/** How many dispatches the request is in: a forward, or an include, is in another. */
	private int depth;

	private int admittedAt;

	private volatile boolean arrived;

	private volatile boolean measured;

	private volatile @Nullable Object result;

	private Map<String, String> path = Map.of();

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
	void admitted(MeteredCall call, HttpServletRequest request, boolean measured) {
		Object path = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
		this.path = (path != null) ? Map.copyOf((Map<String, String>) path) : Map.of();
		this.admittedAt = this.depth + 1;
		this.measured = measured;
		this.current.admit(call);
	}

	/**
	 * Note that a dispatch begins, and that the interceptor sees its end.
	 */
	void enter() {
		this.arrived = true;
		this.depth++;
	}

	/**
	 * Note that a dispatch ends.
	 * @return whether the call ends with it. What goes on asynchronously ends in a
	 * dispatch that is in no other
	 */
	boolean leave() {
		return this.depth-- <= this.admittedAt;
	}

	boolean hasArrived() {
		return this.arrived;
	}

	/**
	 * Keep what the handler returned, if somebody asks for it.
	 */
	void returned(@Nullable Object result) {
		if (this.measured) {
			this.result = result;
		}
	}

	/**
	 * Say what came of the call. A failure nobody has answered yet is going to be
	 * answered 500.
	 */
	CompletedCall completed(HttpServletResponse response, @Nullable Throwable failure) {
		int status = response.getStatus();
		boolean failed = failure != null && status < 400;
		return new CompletedCall(new ServletServerHttpRequest(this.request), this.path, failed ? 500 : status,
				(failure == null) ? this.result : null);
	}

}

package io.threescale.spring.metering.servlet;

import java.util.concurrent.atomic.AtomicReference;

import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteringException;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.metering.MeteringSettings;
import io.threescale.spring.metering.RateLimitHeaders;
import io.threescale.spring.metering.UsageResolver;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Performs authrep before a metered controller method: once a request, however many
 * dispatches it goes through. The calling thread waits for the decision.
 *
 * @since 0.1.0
 */
public final class ThreeScaleHandlerInterceptor implements HandlerInterceptor {

	private static final String DECISION = ThreeScaleHandlerInterceptor.class.getName() + ".decision";

	private final MeteringGate gate;

	private final UsageResolver usages;

	private final MeteringSettings settings;

	/**
	 * Create an interceptor.
	 * @param gate decides
	 * @param usages tells what a controller method uses
	 * @param settings how calls are metered
	 */
	public ThreeScaleHandlerInterceptor(MeteringGate gate, UsageResolver usages, MeteringSettings settings) {
		this.gate = gate;
		this.usages = usages;
		this.settings = settings;
	}

	/**
	 * Let a call go on if it is not metered, was decided before, or is granted now.
	 * @throws MeteringException if the call may not go on
	 */
	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		AtomicReference<@Nullable Granted> decision = decisionOf(request);
		if (!(handler instanceof HandlerMethod method) || decision.get() != null || isErrorPage(request)) {
			return true;
		}
		MeteredOperation operation = this.usages.resolve(method);
		if (operation != null) {
			Granted granted = this.gate.admit(operation, new ServletServerHttpRequest(request)).block();
			decision.set(granted);
			if (granted != null && this.settings.rateLimitHeaders()) {
				HttpHeaders headers = new HttpHeaders();
				RateLimitHeaders.write(granted.status(), headers);
				headers.forEach((name, values) -> values.forEach((value) -> response.setHeader(name, value)));
			}
		}
		return true;
	}

	/**
	 * An error page belongs to the call that failed, whoever renders it.
	 */
	private static boolean isErrorPage(HttpServletRequest request) {
		return request.getDispatcherType() == DispatcherType.ERROR;
	}

	/**
	 * Put the decision into something that is there from the first dispatch on: Spring
	 * takes back the attributes that an include has set.
	 */
	@SuppressWarnings("unchecked")
	private static AtomicReference<@Nullable Granted> decisionOf(HttpServletRequest request) {
		Object decision = request.getAttribute(DECISION);
		if (decision == null) {
			decision = new AtomicReference<@Nullable Granted>();
			request.setAttribute(DECISION, decision);
		}
		return (AtomicReference<@Nullable Granted>) decision;
	}

	static @Nullable Granted decision(HttpServletRequest request) {
		return decisionOf(request).get();
	}

}

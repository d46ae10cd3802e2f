package io.threescale.spring.security;

import java.io.IOException;
import java.util.function.Supplier;

import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.servlet.ThreeScaleHandlerInterceptor;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExecutionChain;

/**
 * Has the interceptor of a metered handler decide about a call now, before the access
 * rules, and authenticates the calling application. What is not metered passes as it
 * came.
 */
final class ThreeScaleAuthenticationFilter extends OncePerRequestFilter {

	private final SingletonSupplier<MvcStrategies> mvc;

	private final ThreeScaleAuthenticationConverter converter;

	private final SecurityContextHolderStrategy contexts;

	/**
	 * Later dispatches of a request find the context there. It makes no session.
	 */
	private final RequestAttributeSecurityContextRepository repository = new RequestAttributeSecurityContextRepository();

	ThreeScaleAuthenticationFilter(Supplier<MvcStrategies> mvc, ThreeScaleAuthenticationConverter converter,
			SecurityContextHolderStrategy contexts) {
		this.mvc = SingletonSupplier.of(mvc);
		this.converter = converter;
		this.contexts = contexts;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		HandlerExecutionChain handler = this.mvc.obtain().handler(request);
		ThreeScaleHandlerInterceptor interceptor = interceptor(handler);
		if (handler == null || interceptor == null) {
			chain.doFilter(request, response);
			return;
		}
		MeteredCall call;
		try {
			call = interceptor.admit(request, response, handler.getHandler());
		}
		catch (RuntimeException ex) {
			this.mvc.obtain().answer(request, response, handler.getHandler(), ex);
			return;
		}
		if (call != null) {
			authenticate(call, request, response);
		}
		Throwable failure = null;
		try {
			chain.doFilter(request, response);
		}
		catch (Throwable ex) {
			failure = ex;
			throw ex;
		}
		finally {
			interceptor.settle(request, response, failure);
		}
	}

	/**
	 * Handlers without the interceptor, such as those of the actuator, are not metered.
	 */
	private static @Nullable ThreeScaleHandlerInterceptor interceptor(@Nullable HandlerExecutionChain handler) {
		return (handler != null) ? handler.getInterceptorList()
			.stream()
			.filter(ThreeScaleHandlerInterceptor.class::isInstance)
			.map(ThreeScaleHandlerInterceptor.class::cast)
			.findFirst()
			.orElse(null) : null;
	}

	private void authenticate(MeteredCall call, HttpServletRequest request, HttpServletResponse response) {
		Authentication authentication = this.converter.convert(call, this.contexts.getContext().getAuthentication());
		if (authentication != null) {
			SecurityContext context = this.contexts.createEmptyContext();
			context.setAuthentication(authentication);
			this.contexts.setContext(context);
			this.repository.saveContext(context, request, response);
		}
	}

}

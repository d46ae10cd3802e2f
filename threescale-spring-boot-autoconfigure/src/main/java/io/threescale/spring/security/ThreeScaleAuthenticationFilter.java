package io.threescale.spring.security;

import java.io.IOException;
import java.util.function.Supplier;

import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.servlet.ThreeScaleHandlerInterceptor;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Has a metered call decided about now, before the access rules, and authenticates the
 * calling application. What is refused goes on to Spring MVC at once, which answers it as
 * if it had come there. What is not metered passes as it came.
 */
final class ThreeScaleAuthenticationFilter extends OncePerRequestFilter {

	private final SingletonSupplier<MvcDispatcher> dispatcher;

	private final ThreeScaleHandlerInterceptor metering;

	private final ThreeScaleAuthenticationConverter converter;

	private final SecurityContextHolderStrategy contexts;

	/**
	 * Later dispatches of a request find the context there. It makes no session.
	 */
	private final RequestAttributeSecurityContextRepository repository = new RequestAttributeSecurityContextRepository();

	ThreeScaleAuthenticationFilter(Supplier<MvcDispatcher> dispatcher, ThreeScaleHandlerInterceptor metering,
			ThreeScaleAuthenticationConverter converter, SecurityContextHolderStrategy contexts) {
		this.dispatcher = SingletonSupplier.of(dispatcher);
		this.metering = metering;
		this.converter = converter;
		this.contexts = contexts;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		Object handler = this.dispatcher.obtain().handlerOf(request);
		try {
			MeteredCall call = (handler != null) ? this.metering.admit(request, response, handler) : null;
			if (call != null) {
				authenticate(call, request, response);
			}
		}
		catch (RuntimeException ex) {
			this.metering.refuse(request, ex);
			this.dispatcher.obtain().service(request, response);
			return;
		}
		chain.doFilter(request, response);
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

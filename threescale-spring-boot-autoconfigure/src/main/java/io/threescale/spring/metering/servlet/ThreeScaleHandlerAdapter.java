package io.threescale.spring.metering.servlet;

import java.util.ArrayList;
import java.util.List;

import io.threescale.spring.metering.problem.MeteringException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.HandlerAdapter;
import org.springframework.web.servlet.ModelAndView;

/**
 * Has a call decided about whose handler comes from a mapping without our interceptor,
 * and leaves the rest to the adapter that would have served it. Such mappings are those
 * of Spring Data REST, of a library, or of a further {@code DispatcherServlet}.
 *
 * @since 0.1.0
 */
public final class ThreeScaleHandlerAdapter implements HandlerAdapter, PriorityOrdered {

	private final ThreeScaleHandlerInterceptor interceptor;

	private final PerServlet<List<HandlerAdapter>> adapters;

	/**
	 * Create an adapter.
	 * @param interceptor decides
	 * @param context has the adapters of the application
	 */
	public ThreeScaleHandlerAdapter(ThreeScaleHandlerInterceptor interceptor, ApplicationContext context) {
		this.interceptor = interceptor;
		this.adapters = new PerServlet<>(context, this::others);
	}

	private List<HandlerAdapter> others(ApplicationContext context) {
		List<HandlerAdapter> others = new ArrayList<>(
				BeanFactoryUtils.beansOfTypeIncludingAncestors(context, HandlerAdapter.class, true, false).values());
		others.remove(this);
		AnnotationAwareOrderComparator.sort(others);
		return List.copyOf(others);
	}

	/**
	 * Before those of a library, such as Spring Data REST, which claim the highest
	 * precedence as well.
	 */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	/**
	 * Tell whether the servlet that serves the current request has an adapter for a
	 * handler.
	 */
	@Override
	public boolean supports(Object handler) {
		return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
				&& find(attributes.getRequest(), handler) != null;
	}

	/**
	 * Serve a call if it is not metered, was decided before, or is granted now.
	 * @throws MeteringException if the call may not go on
	 */
	@Override
	public @Nullable ModelAndView handle(HttpServletRequest request, HttpServletResponse response, Object handler)
			throws Exception {
		if (!ServletCall.of(request).isIntercepted(handler)) {
			this.interceptor.admit(request, response, handler);
		}
		HandlerAdapter adapter = find(request, handler);
		if (adapter == null) {
			throw new ServletException("No adapter for handler [" + handler + "]");
		}
		return adapter.handle(request, WatchedResponse.of(request, response), handler);
	}

	private @Nullable HandlerAdapter find(HttpServletRequest request, Object handler) {
		for (HandlerAdapter adapter : this.adapters.of(request)) {
			if (adapter.supports(handler)) {
				return adapter;
			}
		}
		return null;
	}

}

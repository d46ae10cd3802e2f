package io.threescale.spring.security;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.ViewResolver;
import org.springframework.web.servlet.support.RequestContextUtils;

/**
 * Does for a request that has not reached the {@link DispatcherServlet} what that would
 * do: finds its handler, and answers an exception.
 */
final class MvcStrategies {

	private final List<HandlerMapping> mappings;

	private final List<HandlerExceptionResolver> exceptionResolvers;

	private final List<ViewResolver> viewResolvers;

	private final @Nullable LocaleResolver localeResolver;

	MvcStrategies(ApplicationContext context) {
		this.mappings = all(HandlerMapping.class, context);
		this.exceptionResolvers = all(HandlerExceptionResolver.class, context);
		this.viewResolvers = all(ViewResolver.class, context);
		this.localeResolver = context.containsBean(DispatcherServlet.LOCALE_RESOLVER_BEAN_NAME)
				? context.getBean(DispatcherServlet.LOCALE_RESOLVER_BEAN_NAME, LocaleResolver.class) : null;
	}

	private static <T> List<T> all(Class<T> type, ApplicationContext context) {
		List<T> all = new ArrayList<>(
				BeanFactoryUtils.beansOfTypeIncludingAncestors(context, type, true, false).values());
		AnnotationAwareOrderComparator.sort(all);
		return all;
	}

	/**
	 * Find the handler of a request. What keeps it from being found is told by the
	 * {@link DispatcherServlet} later.
	 */
	@Nullable HandlerExecutionChain handler(HttpServletRequest request) {
		try {
			for (HandlerMapping mapping : this.mappings) {
				HandlerExecutionChain handler = mapping.getHandler(request);
				if (handler != null) {
					return handler;
				}
			}
			return null;
		}
		catch (Exception ex) {
			return null;
		}
	}

	/**
	 * Answer an exception as if the handler, or an interceptor of it, had thrown it.
	 * @throws RuntimeException the exception if nobody answers it
	 */
	void answer(HttpServletRequest request, HttpServletResponse response, Object handler, RuntimeException ex)
			throws ServletException, IOException {
		request.removeAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE);
		if (this.localeResolver != null) {
			request.setAttribute(DispatcherServlet.LOCALE_RESOLVER_ATTRIBUTE, this.localeResolver);
		}
		ModelAndView answer = resolve(request, response, handler, ex);
		if (!answer.isEmpty()) {
			render(answer, request, response);
		}
	}

	private ModelAndView resolve(HttpServletRequest request, HttpServletResponse response, Object handler,
			RuntimeException ex) {
		for (HandlerExceptionResolver resolver : this.exceptionResolvers) {
			ModelAndView answer = resolver.resolveException(request, response, handler, ex);
			if (answer != null) {
				return answer;
			}
		}
		throw ex;
	}

	private void render(ModelAndView answer, HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException {
		try {
			if (answer.getStatus() != null) {
				request.setAttribute(View.RESPONSE_STATUS_ATTRIBUTE, answer.getStatus());
				response.setStatus(answer.getStatus().value());
			}
			view(answer, RequestContextUtils.getLocale(request)).render(answer.getModel(), request, response);
		}
		catch (ServletException | IOException | RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new ServletException(ex);
		}
	}

	private View view(ModelAndView answer, Locale locale) throws Exception {
		if (answer.getView() != null) {
			return answer.getView();
		}
		String name = answer.getViewName();
		for (ViewResolver resolver : this.viewResolvers) {
			View view = (name != null) ? resolver.resolveViewName(name, locale) : null;
			if (view != null) {
				return view;
			}
		}
		throw new ServletException("Could not resolve view with name '" + name + "'");
	}

}

package io.threescale.spring.metering.servlet;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.context.ApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * What is made of the beans that a {@link DispatcherServlet} sees, once for each. A
 * servlet whose context is a child of ours uses our beans as well as its own.
 *
 * @param <T> the type of what is made
 */
final class PerServlet<T> {

	private final ApplicationContext context;

	private final Function<ApplicationContext, T> factory;

	private final Map<ApplicationContext, T> made = new ConcurrentHashMap<>();

	/**
	 * Create an instance.
	 * @param context what a request belongs to that has not come to a servlet yet
	 * @param factory makes it
	 */
	PerServlet(ApplicationContext context, Function<ApplicationContext, T> factory) {
		this.context = context;
		this.factory = factory;
	}

	T of(HttpServletRequest request) {
		ApplicationContext servlet = (ApplicationContext) request
			.getAttribute(DispatcherServlet.WEB_APPLICATION_CONTEXT_ATTRIBUTE);
		return this.made.computeIfAbsent((servlet != null) ? servlet : this.context, this.factory);
	}

}

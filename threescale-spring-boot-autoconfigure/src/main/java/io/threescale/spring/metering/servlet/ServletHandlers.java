package io.threescale.spring.metering.servlet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.threescale.spring.metering.verification.ServedHandler;
import io.threescale.spring.metering.verification.ServedHandlers;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.ClassUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.function.support.RouterFunctionMapping;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.servlet.resource.DefaultServletHttpRequestHandler;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;

/**
 * Lists the handlers of Spring MVC, and the servlets beside it.
 *
 * @param mappings the mappings that find handlers
 * @param servletContext has the servlets, or {@code null} if there is no web server
 * @since 0.1.0
 */
public record ServletHandlers(ObjectProvider<HandlerMapping> mappings,
		@Nullable ServletContext servletContext) implements ServedHandlers {

	private static final String ACTUATOR = "org.springframework.boot.webmvc.actuate.";

	private static final String ALL = "/**";

	/** They serve static files and pages that come with the application. */
	private static final Set<String> CONTAINER_SERVLETS = Set.of("default", "jsp");

	@Override
	public Stream<ServedHandler> stream() {
		return this.mappings.stream()
			.filter((mapping) -> !mapping.getClass().getName().startsWith(ACTUATOR))
			.flatMap(ServletHandlers::handlers);
	}

	@Override
	public Stream<ServedHandler> outside() {
		ServletContext context = this.servletContext;
		return (context == null) ? Stream.empty()
				: context.getServletRegistrations()
					.values()
					.stream()
					.filter((servlet) -> !CONTAINER_SERVLETS.contains(servlet.getName()) && !isSpringMvc(servlet))
					.flatMap((servlet) -> servlet.getMappings().stream())
					.filter((path) -> path.startsWith("/"))
					.map((path) -> ServedHandler.of(path.replaceFirst("/\\*?$", ALL)));
	}

	private static boolean isSpringMvc(ServletRegistration servlet) {
		String type = servlet.getClassName();
		try {
			return type != null && DispatcherServlet.class
				.isAssignableFrom(ClassUtils.forName(type, ServletHandlers.class.getClassLoader()));
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	private static Stream<ServedHandler> handlers(HandlerMapping mapping) {
		if (mapping instanceof RequestMappingInfoHandlerMapping methods) {
			return methods.getHandlerMethods().entrySet().stream().map(ServletHandlers::handler);
		}
		if (mapping instanceof AbstractUrlHandlerMapping urls) {
			return handlers(urls);
		}
		if (mapping instanceof RouterFunctionMapping functions) {
			return (functions.getRouterFunction() != null) ? Stream.of(ServedHandler.any()) : Stream.empty();
		}
		if (mapping instanceof Iterable<?> several) {
			// As the one of Spring Data REST
			return StreamSupport.stream(several.spliterator(), false)
				.filter(HandlerMapping.class::isInstance)
				.flatMap((each) -> handlers((HandlerMapping) each));
		}
		return Stream.of(ServedHandler.any());
	}

	private static ServedHandler handler(Map.Entry<RequestMappingInfo, HandlerMethod> mapping) {
		return ServedHandler.of(mapping.getKey().getPatternValues(),
				mapping.getKey().getMethodsCondition().getMethods(), mapping.getValue());
	}

	private static Stream<ServedHandler> handlers(AbstractUrlHandlerMapping mapping) {
		Map<String, Object> handlers = new LinkedHashMap<>(mapping.getHandlerMap());
		Object root = mapping.getRootHandler();
		if (root != null) {
			handlers.put("/", root);
		}
		Object rest = mapping.getDefaultHandler();
		if (rest != null) {
			handlers.put(ALL, rest);
		}
		return handlers.entrySet().stream().map((entry) -> handler(entry.getKey(), entry.getValue()));
	}

	private static ServedHandler handler(String pattern, Object handler) {
		if (pattern.equals(ALL) && handler instanceof ResourceHttpRequestHandler files) {
			return ServedHandler.files(files.getLocations());
		}
		return (pattern.equals(ALL) && handler instanceof DefaultServletHttpRequestHandler)
				? ServedHandler.files(List.of()) : ServedHandler.of(pattern);
	}

}

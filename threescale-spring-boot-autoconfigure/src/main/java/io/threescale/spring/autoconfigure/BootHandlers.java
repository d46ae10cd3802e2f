package io.threescale.spring.autoconfigure;

import java.util.Map;
import java.util.function.Predicate;

import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ConcurrentReferenceHashMap;
import org.springframework.web.method.HandlerMethod;

/**
 * The handlers that are there for Spring Boot: endpoints of the actuator, and the error
 * page, which a caller may ask for directly.
 */
final class BootHandlers implements Predicate<Object> {

	private static final String ACTUATOR = "org.springframework.boot.webmvc.actuate.";

	private static final String ENDPOINT = "org.springframework.boot.actuate.endpoint.annotation.Endpoint";

	private final Map<Class<?>, Boolean> known = new ConcurrentReferenceHashMap<>();

	@Override
	public boolean test(Object handler) {
		return handler instanceof HandlerMethod method
				&& this.known.computeIfAbsent(method.getBeanType(), BootHandlers::test);
	}

	private static boolean test(Class<?> type) {
		return ErrorController.class.isAssignableFrom(type) || type.getName().startsWith(ACTUATOR)
				|| AnnotatedElementUtils.isAnnotated(type, ENDPOINT);
	}

}

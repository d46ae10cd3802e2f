package io.threescale.spring.autoconfigure;

import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.threescale.spring.metering.servlet.ThreeScaleHandlerInterceptor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.AbstractHandlerMapping;
import org.springframework.web.servlet.handler.AbstractHandlerMethodMapping;

/**
 * Meters the handlers of all mappings that take interceptors, whoever declares them. A
 * {@code WebMvcConfigurer} would reach those of Spring MVC's own configuration only, and
 * none if the application extends that. The interceptor comes last, after those a mapping
 * was made with.
 */
final class MeteredHandlerMappings implements InstantiationAwareBeanPostProcessor {

	private final ObjectProvider<ThreeScaleHandlerInterceptor> interceptor;

	MeteredHandlerMappings(ObjectProvider<ThreeScaleHandlerInterceptor> interceptor) {
		this.interceptor = interceptor;
	}

	@Override
	public boolean postProcessAfterInstantiation(Object bean, String beanName) {
		if (bean instanceof AbstractHandlerMapping mapping) {
			mapping.setInterceptors(this.interceptor.getObject());
		}
		return true;
	}

	/**
	 * Find the controller methods of a mapping, which may be made of others, as that of
	 * Spring Data REST is.
	 */
	static Stream<HandlerMethod> methods(HandlerMapping mapping) {
		if (mapping instanceof Iterable<?> others) {
			return StreamSupport.stream(others.spliterator(), false)
				.filter(HandlerMapping.class::isInstance)
				.flatMap((other) -> methods((HandlerMapping) other));
		}
		return (mapping instanceof AbstractHandlerMethodMapping<?> methods)
				? methods.getHandlerMethods().values().stream() : Stream.empty();
	}

}

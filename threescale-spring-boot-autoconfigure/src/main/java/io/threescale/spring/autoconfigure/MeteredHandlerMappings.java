package io.threescale.spring.autoconfigure;

import io.threescale.spring.metering.servlet.ThreeScaleHandlerInterceptor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.web.servlet.handler.AbstractHandlerMapping;

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

}

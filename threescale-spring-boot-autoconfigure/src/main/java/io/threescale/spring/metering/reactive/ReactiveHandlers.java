package io.threescale.spring.metering.reactive;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.threescale.spring.metering.verification.ServedHandler;
import io.threescale.spring.metering.verification.ServedHandlers;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;
import org.springframework.web.reactive.handler.AbstractUrlHandlerMapping;
import org.springframework.web.reactive.resource.ResourceWebHandler;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Lists the handlers of Spring WebFlux.
 *
 * @param mappings the mappings that find handlers
 * @since 0.1.0
 */
public record ReactiveHandlers(ObjectProvider<HandlerMapping> mappings) implements ServedHandlers {

	private static final String ACTUATOR = "org.springframework.boot.webflux.actuate.";

	private static final String ALL = "/**";

	@Override
	public Stream<ServedHandler> stream() {
		return this.mappings.stream()
			.filter((mapping) -> !mapping.getClass().getName().startsWith(ACTUATOR))
			.flatMap(ReactiveHandlers::handlers);
	}

	private static Stream<ServedHandler> handlers(HandlerMapping mapping) {
		if (mapping instanceof RequestMappingInfoHandlerMapping methods) {
			return methods.getHandlerMethods().entrySet().stream().map(ReactiveHandlers::handler);
		}
		if (mapping instanceof AbstractUrlHandlerMapping urls) {
			return urls.getHandlerMap()
				.entrySet()
				.stream()
				.map((entry) -> handler(entry.getKey().getPatternString(), entry.getValue()));
		}
		if (mapping instanceof RouterFunctionMapping functions) {
			return (functions.getRouterFunction() != null) ? Stream.of(ServedHandler.any()) : Stream.empty();
		}
		return Stream.of(ServedHandler.any());
	}

	private static ServedHandler handler(Map.Entry<RequestMappingInfo, HandlerMethod> mapping) {
		Set<PathPattern> patterns = mapping.getKey().getPatternsCondition().getPatterns();
		return ServedHandler.of(patterns.stream().map(PathPattern::getPatternString).toList(),
				mapping.getKey().getMethodsCondition().getMethods(), mapping.getValue());
	}

	private static ServedHandler handler(String pattern, Object handler) {
		return (pattern.equals(ALL) && handler instanceof ResourceWebHandler files)
				? ServedHandler.files(files.getLocations()) : ServedHandler.of(pattern);
	}

}

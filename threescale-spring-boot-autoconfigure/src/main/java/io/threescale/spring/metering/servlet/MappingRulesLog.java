package io.threescale.spring.metering.servlet;

import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import io.threescale.spring.metering.MeteredMethods;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.rules.MappingRules;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Tells at start, at level debug, which rules are overruled by annotations.
 *
 * @since 0.1.0
 */
public final class MappingRulesLog implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(MappingRulesLog.class);

	private final ObjectProvider<RequestMappingHandlerMapping> mappings;

	private final MeteredMethods methods;

	private final MappingRules rules;

	/**
	 * Create a log.
	 * @param mappings know the controller methods
	 * @param methods reads their annotations
	 * @param rules the rules
	 */
	public MappingRulesLog(ObjectProvider<RequestMappingHandlerMapping> mappings, MeteredMethods methods,
			MappingRules rules) {
		this.mappings = mappings;
		this.methods = methods;
		this.rules = rules;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (logger.isDebugEnabled() && !this.rules.rules().isEmpty()) {
			this.mappings.forEach((mapping) -> mapping.getHandlerMethods().forEach(this::tell));
		}
	}

	private void tell(RequestMappingInfo mapping, HandlerMethod handler) {
		if (this.methods.of(handler).isExplicit()) {
			mapping.getPatternValues()
				.stream()
				.map(PathContainer::parsePath)
				.flatMap((path) -> methods(mapping).map((method) -> this.rules.match(method, path, null)))
				.filter(Objects::nonNull)
				.map(MeteredOperation::name)
				.distinct()
				.forEach((rule) -> logger
					.debug(handler.getShortLogMessage() + " goes by its annotations, not by " + rule));
		}
	}

	private static Stream<HttpMethod> methods(RequestMappingInfo mapping) {
		Set<RequestMethod> methods = mapping.getMethodsCondition().getMethods();
		return (methods.isEmpty() ? Stream.of(RequestMethod.values()) : methods.stream())
			.map(RequestMethod::asHttpMethod);
	}

}

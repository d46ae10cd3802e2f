package io.threescale.spring.metering.rules;

import io.threescale.spring.metering.MeteredMethods;
import io.threescale.spring.metering.MeteredMethods.Declaration;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.UsageResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;
import org.springframework.http.server.PathContainer;
import org.springframework.web.method.HandlerMethod;

/**
 * Goes by the annotations of a handler if it has any, metered or unmetered, and else by
 * the rules.
 *
 * @since 0.1.0
 */
public final class RuleUsageResolver implements UsageResolver {

	private final MeteredMethods methods;

	private final MappingRules rules;

	/**
	 * Create a resolver.
	 * @param methods reads the annotations
	 * @param rules the rules
	 */
	public RuleUsageResolver(MeteredMethods methods, MappingRules rules) {
		this.methods = methods;
		this.rules = rules;
	}

	@Override
	public @Nullable MeteredOperation resolve(Object handler, HttpRequest request, PathContainer path) {
		if (handler instanceof HandlerMethod method) {
			Declaration declaration = this.methods.of(method);
			if (declaration.isExplicit()) {
				return declaration.operation();
			}
		}
		return this.rules.match(request.getMethod(), path, () -> request.getURI().getRawQuery());
	}

}

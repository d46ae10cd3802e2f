package io.threescale.spring.metering;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringValueResolver;
import org.springframework.web.method.HandlerMethod;

/**
 * Finds out what the calls of a handler use.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface UsageResolver {

	/**
	 * Find out what the calls of a handler use. Called for every handler at start and for
	 * every request, so it should be quick.
	 * @param handler the handler
	 * @return the operation, or {@code null} if its calls are not metered
	 * @throws InvalidMeteringException if what is declared makes no sense
	 */
	@Nullable MeteredOperation resolve(HandlerMethod handler);

	/**
	 * Read {@link ThreeScaleMetered} and {@link ThreeScaleUnmetered}.
	 * @param placeholders resolves <code>${…}</code>
	 * @return the resolver
	 */
	static UsageResolver annotations(StringValueResolver placeholders) {
		return new AnnotationUsageResolver(placeholders);
	}

}

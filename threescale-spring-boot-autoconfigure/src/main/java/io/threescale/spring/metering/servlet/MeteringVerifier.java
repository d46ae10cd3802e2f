package io.threescale.spring.metering.servlet;

import java.util.Collection;

import io.threescale.spring.metering.InvalidMeteringException;
import io.threescale.spring.metering.MeteredMethods;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Reads the metering of all controller methods at start, so that nonsense fails there and
 * not at the first call.
 *
 * @since 0.1.0
 */
public final class MeteringVerifier implements SmartInitializingSingleton {

	private final ObjectProvider<RequestMappingHandlerMapping> mappings;

	private final MeteredMethods methods;

	/**
	 * Create a verifier.
	 * @param mappings know the controller methods
	 * @param methods reads what they use
	 */
	public MeteringVerifier(ObjectProvider<RequestMappingHandlerMapping> mappings, MeteredMethods methods) {
		this.mappings = mappings;
		this.methods = methods;
	}

	/**
	 * Verify all controller methods.
	 * @throws InvalidMeteringException if the metering of one makes no sense
	 */
	@Override
	public void afterSingletonsInstantiated() {
		this.mappings.stream()
			.map((mapping) -> mapping.getHandlerMethods().values())
			.flatMap(Collection<HandlerMethod>::stream)
			.forEach((handler) -> this.methods.of(handler.getBeanType(), handler.getMethod()));
	}

}

package io.threescale.spring.metering;

import java.util.function.Supplier;
import java.util.stream.Stream;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.method.HandlerMethod;

/**
 * Reads the metering of all controller methods at start, so that nonsense fails there and
 * not at the first call.
 *
 * @since 0.1.0
 */
public final class MeteringVerifier implements SmartInitializingSingleton {

	private final Supplier<Stream<HandlerMethod>> handlers;

	private final MeteredMethods methods;

	/**
	 * Create a verifier.
	 * @param handlers finds the controller methods
	 * @param methods reads what they use
	 */
	public MeteringVerifier(Supplier<Stream<HandlerMethod>> handlers, MeteredMethods methods) {
		this.handlers = handlers;
		this.methods = methods;
	}

	/**
	 * Verify all controller methods.
	 * @throws InvalidMeteringException if the metering of one makes no sense
	 */
	@Override
	public void afterSingletonsInstantiated() {
		this.handlers.get().forEach(this.methods::of);
	}

}

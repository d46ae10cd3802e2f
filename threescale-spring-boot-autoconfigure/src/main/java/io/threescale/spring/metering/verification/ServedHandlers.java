package io.threescale.spring.metering.verification;

import java.util.stream.Stream;

/**
 * Lists the handlers of a web stack, those of the actuator excepted.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ServedHandlers {

	/**
	 * List the handlers. All beans of the application are there by then.
	 * @return the handlers
	 */
	Stream<ServedHandler> stream();

}

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

	/**
	 * List what the web server serves past the web stack. Nothing of that can be metered.
	 * @return the handlers, without methods
	 */
	default Stream<ServedHandler> outside() {
		return Stream.empty();
	}

}

package io.threescale.spring.client.predict;

import io.threescale.spring.ApplicationCredentials;
import reactor.core.publisher.Mono;

/**
 * Delivers what is reported, but still on its way.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Settlement {

	/**
	 * Deliver the usage of one application now.
	 * @param application whose usage
	 * @return completes when 3scale has accepted it
	 */
	Mono<Void> settle(ApplicationCredentials application);

}

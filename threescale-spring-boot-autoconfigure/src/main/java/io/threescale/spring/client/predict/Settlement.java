package io.threescale.spring.client.predict;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Usage;
import reactor.core.publisher.Mono;

/**
 * Delivers what is reported, but still on its way.
 *
 * @since 0.1.0
 */
public interface Settlement {

	/**
	 * Deliver the usage of one application now.
	 * @param application whose usage
	 * @return completes when 3scale has accepted it
	 */
	Mono<Void> settle(ApplicationCredentials application);

	/**
	 * Tell what there is to be delivered.
	 * @param application whose usage
	 * @return what 3scale has not accepted yet
	 */
	Usage pending(ApplicationCredentials application);

}

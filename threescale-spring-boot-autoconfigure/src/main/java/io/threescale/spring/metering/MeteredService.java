package io.threescale.spring.metering;

import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.credentials.CredentialsResolver;

/**
 * A service of 3scale's that this application serves.
 *
 * @param id the id in metrics
 * @param client asks 3scale, for this service
 * @param credentials finds out who calls this service
 * @since 0.1.0
 */
public record MeteredService(String id, ReactiveThreeScaleClient client, CredentialsResolver credentials) {

}

package io.threescale.spring.metering;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.reporting.KnownMetrics;
import io.threescale.spring.credentials.CredentialsResolver;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

/**
 * A service of 3scale's that this application serves.
 *
 * @param id the id in metrics
 * @param client asks 3scale, for this service, or decides in the process; keeps what is
 * reported until 3scale has accepted it
 * @param credentials finds out who calls this service
 * @param anonymous the credentials that callers without any share, or {@code null} if
 * they share none
 * @param metrics what is known of its metrics
 * @since 0.1.0
 */
@ApiStatus.Internal
public record MeteredService(String id, ReactiveThreeScaleClient client, CredentialsResolver credentials,
		@Nullable ApplicationCredentials anonymous, KnownMetrics metrics) {

}

package io.threescale.spring.client;

import io.threescale.spring.ServiceCredentials;
import org.jetbrains.annotations.ApiStatus;

/**
 * The connections to one backend, which the clients of all its services share.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class SharedBackend implements AutoCloseable {

	private final HttpBackend backend;

	private final boolean oauthEndpoints;

	SharedBackend(HttpBackend backend, boolean oauthEndpoints) {
		this.backend = backend;
		this.oauthEndpoints = oauthEndpoints;
	}

	/**
	 * Create a client for one service.
	 * @param service the service to ask for
	 * @return a client, which closes nothing when it is closed
	 */
	public ReactiveThreeScaleClient client(ServiceCredentials service) {
		return new HttpThreeScaleClient(service, this.oauthEndpoints, this.backend, () -> {
		});
	}

	/**
	 * Close the connections. No client over them can be used afterwards.
	 */
	@Override
	public void close() {
		this.backend.close();
	}

}

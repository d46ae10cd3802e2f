package io.threescale.spring.autoconfigure;

import java.net.URI;
import java.util.function.UnaryOperator;

import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.sandbox.ThreeScaleSandbox;

/**
 * Leads to the sandbox, with a key that opens all services, whatever tokens they have.
 *
 * @param serviceId the id of the default service
 * @param serviceIds the ids of the further services, by name
 */
record SandboxThreeScaleConnectionDetails(ThreeScaleSandbox sandbox, String key, String serviceId,
		UnaryOperator<String> serviceIds) implements ThreeScaleConnectionDetails {

	@Override
	public URI getUrl() {
		return this.sandbox.uri();
	}

	@Override
	public ServiceCredentials getServiceCredentials() {
		return ServiceCredentials.providerKey(this.key, this.serviceId);
	}

	@Override
	public ServiceCredentials getServiceCredentials(String name) {
		return ServiceCredentials.providerKey(this.key, this.serviceIds.apply(name));
	}

}

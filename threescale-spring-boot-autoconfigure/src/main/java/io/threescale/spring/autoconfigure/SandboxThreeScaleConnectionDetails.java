package io.threescale.spring.autoconfigure;

import java.net.URI;

import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.sandbox.ThreeScaleSandbox;

/**
 * Leads to the sandbox.
 */
final class SandboxThreeScaleConnectionDetails implements ThreeScaleConnectionDetails {

	private final ThreeScaleSandbox sandbox;

	private final ServiceCredentials service;

	SandboxThreeScaleConnectionDetails(ThreeScaleSandbox sandbox, ServiceCredentials service) {
		this.sandbox = sandbox;
		this.service = service;
	}

	@Override
	public URI getUrl() {
		return this.sandbox.uri();
	}

	@Override
	public ServiceCredentials getServiceCredentials() {
		return this.service;
	}

}

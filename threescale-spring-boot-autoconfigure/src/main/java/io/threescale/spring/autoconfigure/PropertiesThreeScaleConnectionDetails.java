package io.threescale.spring.autoconfigure;

import java.net.URI;

import io.threescale.spring.ServiceCredentials;

import org.springframework.util.StringUtils;

/**
 * Takes the details from {@code threescale.*}.
 */
final class PropertiesThreeScaleConnectionDetails implements ThreeScaleConnectionDetails {

	private final URI url;

	private final ServiceCredentials service;

	PropertiesThreeScaleConnectionDetails(ThreeScaleProperties properties) {
		this.url = checked(properties.url());
		this.service = service(properties);
	}

	@Override
	public URI getUrl() {
		return this.url;
	}

	@Override
	public ServiceCredentials getServiceCredentials() {
		return this.service;
	}

	private static URI checked(URI url) {
		boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
		if (!http || url.getHost() == null || url.getRawQuery() != null || url.getRawUserInfo() != null) {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.url' is not an http or https URL without a user and a query.",
					"Set it to the URL of the 3scale backend, such as 'https://su1.3scale.net', or remove it.");
		}
		return url;
	}

	private static ServiceCredentials service(ThreeScaleProperties properties) {
		String token = properties.serviceToken();
		String key = properties.providerKey();
		String id = properties.serviceId();
		if (StringUtils.hasText(token) && StringUtils.hasText(key)) {
			throw new InvalidThreeScaleConfigurationException(
					"Both 'threescale.service-token' and 'threescale.provider-key' are set, "
							+ "and 3scale would ignore the token.",
					"Remove 'threescale.provider-key'; a token is good for one service only.");
		}
		if (StringUtils.hasText(key)) {
			return ServiceCredentials.providerKey(key, id);
		}
		if (!StringUtils.hasText(token)) {
			throw new InvalidThreeScaleConfigurationException("Property 'threescale.service-token' is not set.",
					"Set it to a service token of your 3scale account. To try things out without an account, set "
							+ "'threescale.sandbox.enabled' to true; to do without 3scale, set 'threescale.enabled' to false.");
		}
		if (!StringUtils.hasText(id)) {
			throw new InvalidThreeScaleConfigurationException("Property 'threescale.service-id' is not set.",
					"Set it to the id of the service 'threescale.service-token' belongs to.");
		}
		return ServiceCredentials.serviceToken(id, token);
	}

}

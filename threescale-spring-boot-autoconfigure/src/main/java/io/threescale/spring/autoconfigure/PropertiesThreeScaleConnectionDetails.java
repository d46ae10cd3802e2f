package io.threescale.spring.autoconfigure;

import java.net.URI;
import java.util.Map;
import java.util.Objects;

import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.autoconfigure.ThreeScaleProperties.Service;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Takes the details from {@code threescale.*}.
 */
final class PropertiesThreeScaleConnectionDetails implements ThreeScaleConnectionDetails {

	private final URI url;

	private final ServiceCredentials service;

	private final Map<String, Service> services;

	PropertiesThreeScaleConnectionDetails(ThreeScaleProperties properties) {
		this.url = checked(properties.url());
		this.service = service("threescale.", properties.serviceId(), properties.serviceToken(),
				properties.providerKey());
		this.services = properties.services();
	}

	@Override
	public URI getUrl() {
		return this.url;
	}

	@Override
	public ServiceCredentials getServiceCredentials() {
		return this.service;
	}

	@Override
	public ServiceCredentials getServiceCredentials(String name) {
		Service named = Objects.requireNonNull(this.services.get(name));
		return service("threescale.services." + name + ".", named.serviceId(), named.serviceToken(),
				named.providerKey());
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

	private static ServiceCredentials service(String prefix, @Nullable String id, @Nullable String token,
			@Nullable String key) {
		if (StringUtils.hasText(token) && StringUtils.hasText(key)) {
			throw new InvalidThreeScaleConfigurationException(
					"Both '" + prefix + "service-token' and '" + prefix + "provider-key' are set, "
							+ "and 3scale would ignore the token.",
					"Remove '" + prefix + "provider-key'; a token is good for one service only.");
		}
		if (StringUtils.hasText(key)) {
			return ServiceCredentials.providerKey(key, id);
		}
		if (!StringUtils.hasText(token)) {
			throw new InvalidThreeScaleConfigurationException("Property '" + prefix + "service-token' is not set.",
					"Set it to a service token of your 3scale account. To try things out without an account, set "
							+ "'threescale.sandbox.enabled' to true; to do without 3scale, set 'threescale.enabled' to false.");
		}
		if (!StringUtils.hasText(id)) {
			throw new InvalidThreeScaleConfigurationException("Property '" + prefix + "service-id' is not set.",
					"Set it to the id of the service '" + prefix + "service-token' belongs to.");
		}
		return ServiceCredentials.serviceToken(id, token);
	}

}

package io.threescale.spring.autoconfigure;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import io.threescale.spring.ServiceCredentials;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Takes the details from {@code threescale.*}.
 */
final class PropertiesThreeScaleConnectionDetails implements ThreeScaleConnectionDetails {

	private final URI url;

	private final ServiceCredentials service;

	private final Map<String, ServiceCredentials> services = new HashMap<>();

	PropertiesThreeScaleConnectionDetails(ThreeScaleProperties properties) {
		this.url = checked(properties.url());
		this.service = service("threescale.", properties.serviceId(), properties.serviceToken(),
				properties.providerKey());
		properties.services()
			.forEach((name, service) -> this.services.put(name, service("threescale.services." + name + ".",
					service.serviceId(), service.serviceToken(), service.providerKey())));
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
		return Objects.requireNonNull(this.services.get(name));
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
		if (!StringUtils.hasText(token) || !StringUtils.hasText(id)) {
			throw new InvalidThreeScaleConfigurationException(missing(prefix + "service-id", StringUtils
				.hasText(id), prefix + "service-token", StringUtils.hasText(token)), "Set '" + prefix
						+ "service-id' to the ID of a service of your 3scale account, and '" + prefix
						+ "service-token' to a token for it. To try things out without an account, set "
						+ "'threescale.sandbox.enabled' to true; to do without 3scale, set 'threescale.enabled' to false.");
		}
		return ServiceCredentials.serviceToken(id, token);
	}

	private static String missing(String id, boolean idIsSet, String token, boolean tokenIsSet) {
		return (!idIsSet && !tokenIsSet) ? "Neither '" + id + "' nor '" + token + "' is set."
				: "Property '" + (idIsSet ? token : id) + "' is not set.";
	}

}

package io.threescale.spring.sandbox;

import java.util.List;

import io.threescale.spring.ErrorCode;

import org.jspecify.annotations.Nullable;

/**
 * Finds the service a call is for, if its service token or provider key opens it.
 *
 * @param world the world to look in
 */
record ProviderCredentials(SandboxWorld world) {

	/** On the auth endpoints an empty provider key counts as absent. */
	String serviceOfAuthorization(Parameters parameters) {
		return service(parameters.present("provider_key"), parameters);
	}

	/** In a report an empty provider key counts as given. */
	String serviceOfReport(Parameters parameters) {
		String providerKey = parameters.text("provider_key");
		if (providerKey != null && parameters.present("provider_key") == null) {
			throw tokenRefusal(parameters);
		}
		return service(providerKey, parameters);
	}

	private String service(@Nullable String providerKey, Parameters parameters) {
		String id = parameters.present("service_id");
		if (providerKey != null) {
			return (id != null) ? byProvider(providerKey, id) : defaultService(providerKey);
		}
		String token = parameters.present("service_token");
		SandboxService service = (id != null) ? this.world.services().get(id) : null;
		if (token == null || id == null || service == null || !service.tokens().contains(token)) {
			throw tokenRefusal(parameters);
		}
		return id;
	}

	private String byProvider(String key, String id) {
		SandboxProvider provider = this.world.provider(key);
		if (provider == null) {
			throw new Refusal(403, ErrorCode.PROVIDER_KEY_INVALID, "provider key \"" + key + "\" is invalid");
		}
		String last = id.substring(id.lastIndexOf('-') + 1);
		for (String candidate : List.of(id, last)) {
			if (services(provider).contains(candidate)) {
				return candidate;
			}
		}
		throw new Refusal(403, ErrorCode.SERVICE_ID_INVALID, "service id \"" + id + "\" is invalid");
	}

	private String defaultService(String key) {
		SandboxProvider provider = this.world.provider(key);
		if (provider == null || services(provider).isEmpty()) {
			throw new Refusal(403, ErrorCode.PROVIDER_KEY_INVALID_OR_SERVICE_MISSING,
					"provider key \"" + key + "\" invalid and/or service ID missing");
		}
		return services(provider).get(0);
	}

	private List<String> services(SandboxProvider provider) {
		return provider.services().isEmpty() ? List.copyOf(this.world.services().keySet()) : provider.services();
	}

	private static Refusal tokenRefusal(Parameters parameters) {
		String token = parameters.present("service_token");
		String id = parameters.present("service_id");
		if (token == null) {
			return new Refusal(403, ErrorCode.PROVIDER_KEY_OR_SERVICE_TOKEN_REQUIRED,
					"Provider key or service token are required");
		}
		if (id == null) {
			return new Refusal(422, ErrorCode.SERVICE_ID_MISSING, "Service ID is missing");
		}
		return new Refusal(403, ErrorCode.SERVICE_TOKEN_INVALID,
				"service token \"" + token + "\" or service id \"" + id + "\" is invalid");
	}

}

package io.threescale.spring;

import org.jspecify.annotations.Nullable;

/**
 * What the protected API presents to 3scale to be recognised as a service
 * ({@code protocol.md} 1.2). Keys and tokens are not shown by {@code toString}.
 *
 * @since 0.1.0
 */
public sealed interface ServiceCredentials {

	/**
	 * Return the id of the service.
	 * @return the id, or {@code null} for the default service of a provider key
	 */
	@Nullable String serviceId();

	/**
	 * Create the preferred kind: a token that opens one service.
	 * @param serviceId the id of the service
	 * @param token a token valid for it
	 * @return the credentials
	 * @throws IllegalArgumentException if either is blank
	 */
	static ServiceToken serviceToken(String serviceId, String token) {
		return new ServiceToken(serviceId, token);
	}

	/**
	 * Create the legacy kind: a key that opens all services of a provider.
	 * @param key the provider key
	 * @param serviceId the id of the service, or {@code null} for the provider's default
	 * service
	 * @return the credentials
	 * @throws IllegalArgumentException if the key is blank
	 */
	static ProviderKey providerKey(String key, @Nullable String serviceId) {
		return new ProviderKey(key, serviceId);
	}

	/**
	 * A token that opens one service.
	 *
	 * @param serviceId the id of the service
	 * @param token a token valid for it
	 */
	record ServiceToken(String serviceId, String token) implements ServiceCredentials {

		public ServiceToken {
			Secret.require(serviceId, "service id");
			Secret.require(token, "service token");
		}

		@Override
		public String toString() {
			return "ServiceToken[serviceId=" + this.serviceId + ", token=" + Secret.MASK + "]";
		}

	}

	/**
	 * A key that opens all services of a provider.
	 *
	 * @param key the provider key
	 * @param serviceId the id of the service, or {@code null} for the provider's default
	 * service
	 */
	record ProviderKey(String key, @Nullable String serviceId) implements ServiceCredentials {

		public ProviderKey {
			Secret.require(key, "provider key");
			serviceId = Secret.blankToNull(serviceId);
		}

		@Override
		public String toString() {
			return "ProviderKey[key=" + Secret.MASK + ", serviceId=" + this.serviceId + "]";
		}

	}

}

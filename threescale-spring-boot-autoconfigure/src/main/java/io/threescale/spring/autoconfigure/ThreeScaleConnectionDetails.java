package io.threescale.spring.autoconfigure;

import java.net.URI;

import io.threescale.spring.ServiceCredentials;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Details required to establish a connection to 3scale. A bean of this type replaces
 * {@code threescale.url}, {@code threescale.service-id}, {@code threescale.service-token}
 * and {@code threescale.provider-key}, and those of further services.
 *
 * @since 0.1.0
 */
public interface ThreeScaleConnectionDetails extends ConnectionDetails {

	/**
	 * Return where the backend is.
	 * @return an http or https URL
	 */
	URI getUrl();

	/**
	 * Return what the application presents to the backend.
	 * @return the service and its token or key
	 */
	ServiceCredentials getServiceCredentials();

	/**
	 * Return what the application presents to the backend for a further service.
	 * @param name a name under {@code threescale.services}
	 * @return the service and its token or key
	 */
	default ServiceCredentials getServiceCredentials(String name) {
		throw new InvalidThreeScaleConfigurationException(
				"Property 'threescale.services." + name + "' is set, but the ThreeScaleConnectionDetails bean "
						+ getClass().getName() + " knows no further services.",
				"Override its method getServiceCredentials(String), or remove the property.");
	}

}

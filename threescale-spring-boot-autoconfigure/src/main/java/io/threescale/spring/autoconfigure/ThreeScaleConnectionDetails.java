package io.threescale.spring.autoconfigure;

import java.net.URI;

import io.threescale.spring.ServiceCredentials;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Details required to establish a connection to 3scale. A bean of this type replaces
 * {@code threescale.url}, {@code threescale.service-id}, {@code threescale.service-token}
 * and {@code threescale.provider-key}.
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

}

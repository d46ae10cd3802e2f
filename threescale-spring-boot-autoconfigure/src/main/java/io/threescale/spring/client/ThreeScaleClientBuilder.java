package io.threescale.spring.client;

import java.net.URI;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.client.http.ConnectionSettings;
import io.threescale.spring.client.http.HttpBackend;
import reactor.netty.http.client.HttpClient;

import org.springframework.util.Assert;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Builds clients for code that does without Spring Boot, and for the auto-configuration.
 *
 * @since 0.1.0
 */
public final class ThreeScaleClientBuilder {

	/** The hosted backend, which every client library of 3scale's takes by default. */
	public static final URI DEFAULT_BASE_URL = URI.create("https://su1.3scale.net");

	private final ServiceCredentials service;

	private URI baseUrl = DEFAULT_BASE_URL;

	private boolean oauthEndpoints;

	private ConnectionSettings connection = ConnectionSettings.defaults();

	private UnaryOperator<HttpClient> httpClient = UnaryOperator.identity();

	private Consumer<WebClient.Builder> webClient = (builder) -> {
	};

	ThreeScaleClientBuilder(ServiceCredentials service) {
		Assert.notNull(service, "'service' must not be null");
		this.service = service;
	}

	/**
	 * Say where the backend is.
	 * @param baseUrl an http or https URL, perhaps with a port and a path prefix
	 * @return this builder
	 * @throws IllegalArgumentException if it is anything else
	 */
	public ThreeScaleClientBuilder baseUrl(URI baseUrl) {
		boolean http = "http".equalsIgnoreCase(baseUrl.getScheme()) || "https".equalsIgnoreCase(baseUrl.getScheme());
		Assert.isTrue(http && baseUrl.getHost() != null, "'baseUrl' must be an http or https URL with a host");
		Assert.isTrue(
				baseUrl.getRawUserInfo() == null && baseUrl.getRawQuery() == null && baseUrl.getRawFragment() == null,
				"'baseUrl' must have no user, query or fragment");
		this.baseUrl = baseUrl;
		return this;
	}

	/**
	 * Choose between the {@code oauth_*} endpoints and the plain ones for OAuth clients.
	 * Backends before 3.4 need the former, and put a secret into their answer
	 * ({@code protocol.md} 4.5).
	 * @param oauthEndpoints whether to use the {@code oauth_*} endpoints
	 * @return this builder
	 */
	public ThreeScaleClientBuilder oauthEndpoints(boolean oauthEndpoints) {
		this.oauthEndpoints = oauthEndpoints;
		return this;
	}

	/**
	 * Set the bounds of the connections.
	 * @param connection the settings
	 * @return this builder
	 */
	public ThreeScaleClientBuilder connection(ConnectionSettings connection) {
		this.connection = connection;
		return this;
	}

	/**
	 * Change the HTTP client, for instance its TLS settings.
	 * @param customizer given the client with everything above applied
	 * @return this builder
	 */
	public ThreeScaleClientBuilder httpClient(UnaryOperator<HttpClient> customizer) {
		this.httpClient = customizer;
		return this;
	}

	/**
	 * Change the {@link WebClient}, for instance to add headers. Keys do not pass through
	 * it, so a filter that logs is safe.
	 * @param customizer given the builder with everything above applied
	 * @return this builder
	 */
	public ThreeScaleClientBuilder webClient(Consumer<WebClient.Builder> customizer) {
		this.webClient = customizer;
		return this;
	}

	/**
	 * Build a blocking client.
	 * @return the client, to be closed after use
	 */
	public ThreeScaleClient build() {
		return ThreeScaleClient.blocking(buildReactive());
	}

	/**
	 * Build a reactive client.
	 * @return the client, to be closed after use
	 */
	public ReactiveThreeScaleClient buildReactive() {
		HttpBackend backend = buildBackend();
		return new HttpThreeScaleClient(this.service, this.oauthEndpoints, backend, backend::close);
	}

	/**
	 * Build the connections to the backend, for clients of several services.
	 * @return the connections, to be closed after use
	 */
	public SharedBackend buildShared() {
		return new SharedBackend(buildBackend(), this.oauthEndpoints);
	}

	private HttpBackend buildBackend() {
		return HttpBackend.of(this.baseUrl, this.connection, this.httpClient, this.webClient);
	}

}

package io.threescale.spring.autoconfigure;

import java.util.function.UnaryOperator;
import io.micrometer.observation.ObservationRegistry;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.observation.ObservedThreeScaleClient;
import io.threescale.spring.observation.ThreeScaleClientObservationConvention;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.ReactorHttpClientBuilder;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * Makes the client that asks the backend itself for one service: guarded, observed, over
 * HTTP.
 */
record BackendFactory(ThreeScaleProperties properties, ThreeScaleConnectionDetails details,
		ObjectProvider<SslBundles> sslBundles, ObjectProvider<ThreeScaleWebClientCustomizer> customizers,
		ObjectProvider<ObservationRegistry> observations,
		ObjectProvider<ThreeScaleClientObservationConvention> convention, ObjectProvider<BackendGuard> guards) {

	ReactiveThreeScaleClient create(ServiceCredentials service) {
		ReactiveThreeScaleClient http = ReactiveThreeScaleClient.builder(service)
			.baseUrl(this.details.getUrl())
			.oauthEndpoints(this.properties.oauthEndpoints())
			.connection(this.properties.connection().settings())
			.httpClient(tls(this.properties.connection().ssl().bundle(), this.sslBundles))
			.webClient((builder) -> this.customizers.orderedStream()
				.forEach((customizer) -> customizer.customize(builder)))
			.buildReactive();
		ReactiveThreeScaleClient observed = new ObservedThreeScaleClient(http, service.serviceId(),
				this.observations.getIfUnique(() -> ObservationRegistry.NOOP), this.convention.getIfAvailable());
		BackendGuard guard = this.guards.getIfAvailable();
		return (guard != null) ? guard.guard(observed) : observed;
	}

	private static UnaryOperator<HttpClient> tls(@Nullable String bundle, ObjectProvider<SslBundles> sslBundles) {
		if (bundle == null) {
			return UnaryOperator.identity();
		}
		HttpClientSettings settings = HttpClientSettings.ofSslBundle(sslBundle(bundle, sslBundles.getObject()))
			.withRedirects(HttpRedirects.DONT_FOLLOW);
		return (httpClient) -> new ReactorHttpClientBuilder().withHttpClientFactory(() -> httpClient)
			.withoutHttpClientDefaults()
			.build(settings);
	}

	private static SslBundle sslBundle(String name, SslBundles sslBundles) {
		try {
			return sslBundles.getBundle(name);
		}
		catch (NoSuchSslBundleException ex) {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.connection.ssl.bundle' names an SSL bundle '" + name
							+ "', and there is none.",
					"Define it under 'spring.ssl.bundle', or correct the name. There are " + sslBundles.getBundleNames()
							+ ".");
		}
	}

}

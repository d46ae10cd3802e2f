package io.threescale.spring.autoconfigure;

import java.util.function.UnaryOperator;

import io.micrometer.observation.ObservationRegistry;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.observation.ObservedThreeScaleClient;
import io.threescale.spring.observation.ThreeScaleClientObservationConvention;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.ReactorHttpClientBuilder;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the clients.
 *
 * @since 0.1.0
 */
@AutoConfiguration(afterName = { "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration",
		"org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "threescale.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ThreeScaleProperties.class)
public final class ThreeScaleClientAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean({ ThreeScaleConnectionDetails.class, ReactiveThreeScaleClient.class })
	PropertiesThreeScaleConnectionDetails threeScaleConnectionDetails(ThreeScaleProperties properties) {
		return new PropertiesThreeScaleConnectionDetails(properties);
	}

	/**
	 * The pipeline of the client, from the outside in.
	 */
	@Bean
	@ConditionalOnMissingBean
	ReactiveThreeScaleClient reactiveThreeScaleClient(ThreeScaleProperties properties,
			ThreeScaleConnectionDetails details, ObjectProvider<SslBundles> sslBundles,
			ObjectProvider<ThreeScaleWebClientCustomizer> customizers, ObjectProvider<ObservationRegistry> observations,
			ObjectProvider<ThreeScaleClientObservationConvention> convention) {
		ReactiveThreeScaleClient http = ReactiveThreeScaleClient.builder(details.getServiceCredentials())
			.baseUrl(details.getUrl())
			.oauthEndpoints(properties.oauthEndpoints())
			.connection(properties.connection().settings())
			.httpClient(tls(properties.connection().ssl().bundle(), sslBundles))
			.webClient((builder) -> customizers.orderedStream().forEach((customizer) -> customizer.customize(builder)))
			.buildReactive();
		return new ObservedThreeScaleClient(http, details.getServiceCredentials().serviceId(),
				observations.getIfUnique(() -> ObservationRegistry.NOOP), convention.getIfAvailable());
	}

	@Bean
	@ConditionalOnMissingBean
	ThreeScaleClient threeScaleClient(ReactiveThreeScaleClient client) {
		return ThreeScaleClient.blocking(client);
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

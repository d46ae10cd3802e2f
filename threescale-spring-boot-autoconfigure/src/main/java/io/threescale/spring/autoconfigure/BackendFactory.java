package io.threescale.spring.autoconfigure;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import io.micrometer.observation.ObservationRegistry;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ThreeScaleClientBuilder;
import io.threescale.spring.observation.ObservedThreeScaleClient;
import io.threescale.spring.observation.ThreeScaleClientObservationConvention;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.ReactorHttpClientBuilder;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * Makes the client that asks the backend itself for one service: guarded, observed, over
 * HTTP.
 */
final class BackendFactory {

	private final ThreeScaleProperties properties;

	private final ThreeScaleConnectionDetails details;

	private final ObjectProvider<SslBundles> sslBundles;

	private final ObjectProvider<ThreeScaleWebClientCustomizer> customizers;

	private final ObjectProvider<ObservationRegistry> observations;

	private final ObjectProvider<ThreeScaleClientObservationConvention> convention;

	private final ObjectProvider<BackendGuard> guards;

	private final List<DeferredThreeScaleClient> created = new CopyOnWriteArrayList<>();

	BackendFactory(ThreeScaleProperties properties, ThreeScaleConnectionDetails details,
			ObjectProvider<SslBundles> sslBundles, ObjectProvider<ThreeScaleWebClientCustomizer> customizers,
			ObjectProvider<ObservationRegistry> observations,
			ObjectProvider<ThreeScaleClientObservationConvention> convention, ObjectProvider<BackendGuard> guards) {
		this.properties = properties;
		this.details = details;
		this.sslBundles = sslBundles;
		this.customizers = customizers;
		this.observations = observations;
		this.convention = convention;
		this.guards = guards;
	}

	ReactiveThreeScaleClient create(ServiceCredentials service) {
		ThreeScaleClientBuilder builder = ReactiveThreeScaleClient.builder(service)
			.baseUrl(this.details.getUrl())
			.oauthEndpoints(this.properties.oauthEndpoints())
			.connection(this.properties.connection().settings())
			.httpClient(tls(this.properties.connection().ssl().bundle(), this.sslBundles))
			.webClient((webClient) -> this.customizers.orderedStream()
				.forEach((customizer) -> customizer.customize(webClient)));
		DeferredThreeScaleClient http = new DeferredThreeScaleClient(builder::buildReactive);
		this.created.add(http);
		if (this.properties.connection().ssl().bundle() != null) {
			// Who has keys of his own learns at start that they are no good
			http.client();
		}
		ReactiveThreeScaleClient observed = new ObservedThreeScaleClient(http, service.serviceId(),
				this.observations.getIfUnique(() -> ObservationRegistry.NOOP), this.convention.getIfAvailable());
		BackendGuard guard = this.guards.getIfAvailable();
		return (guard != null) ? guard.guard(observed) : observed;
	}

	void warmUp() {
		this.created.forEach(DeferredThreeScaleClient::client);
	}

	private static UnaryOperator<HttpClient> tls(@Nullable String bundle, ObjectProvider<SslBundles> sslBundles) {
		if (bundle == null) {
			return UnaryOperator.identity();
		}
		HttpClientSettings settings = HttpClientSettings.ofSslBundle(sslBundle(bundle, sslBundles.getObject()));
		// Nothing else of that client is taken over: it compresses, and asks the system
		// for a proxy
		return (httpClient) -> httpClient.secure(
				Objects.requireNonNull(new ReactorHttpClientBuilder().build(settings).configuration().sslProvider()));
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

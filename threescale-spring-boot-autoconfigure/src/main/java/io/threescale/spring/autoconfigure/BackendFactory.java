package io.threescale.spring.autoconfigure;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

import io.micrometer.observation.ObservationRegistry;
import io.netty.handler.ssl.SslContext;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.actuate.BackendHistory;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.SharedBackend;
import io.threescale.spring.client.ThreeScaleClientBuilder;
import io.threescale.spring.client.circuitbreaker.BackendGuard;
import io.threescale.spring.observation.ObservedThreeScaleClient;
import io.threescale.spring.observation.ThreeScaleClientObservationConvention;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;
import reactor.netty.tcp.SslProvider;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.ReactorHttpClientBuilder;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * Makes the clients that ask the backend itself, one a service: recorded, guarded,
 * observed, over HTTP. They share the connections, which are built when they are needed:
 * what it takes to speak HTTP and XML would be a good part of the start of an
 * application.
 */
final class BackendFactory implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(BackendFactory.class);

	private final ThreeScaleClientBuilder builder;

	private final ObjectProvider<ObservationRegistry> observations;

	private final ObjectProvider<ThreeScaleClientObservationConvention> convention;

	private final BackendGuard guard;

	private final Lock building = new ReentrantLock();

	private volatile @Nullable SharedBackend backend;

	private boolean closed;

	BackendFactory(ThreeScaleProperties properties, ThreeScaleConnectionDetails details,
			ObjectProvider<SslBundles> sslBundles, ObjectProvider<ThreeScaleWebClientCustomizer> customizers,
			ObjectProvider<ObservationRegistry> observations,
			ObjectProvider<ThreeScaleClientObservationConvention> convention, BackendGuard guard) {
		// Not when it is built, which is on a thread that must not wait for beans
		List<ThreeScaleWebClientCustomizer> own = customizers.orderedStream().toList();
		this.builder = ReactiveThreeScaleClient.builder(details.getServiceCredentials())
			.baseUrl(details.getUrl())
			.oauthEndpoints(properties.oauthEndpoints())
			.connection(properties.connection().settings())
			.httpClient(tls(properties.connection().ssl().bundle(), sslBundles))
			.webClient((webClient) -> own.forEach((customizer) -> customizer.customize(webClient)));
		if (isPlainHttp(details.getUrl())) {
			logger.warn("Tokens and keys go to 3scale at " + details.getUrl()
					+ " unencrypted. Set 'threescale.url' to an https URL.");
		}
		this.observations = observations;
		this.convention = convention;
		this.guard = guard;
		if (properties.connection().ssl().bundle() != null) {
			// Who has keys of his own learns at start that they are no good
			backend();
		}
	}

	/**
	 * Make the client of a service.
	 * @param service what the application presents for it
	 * @param history notes what comes of its calls
	 */
	ReactiveThreeScaleClient create(ServiceCredentials service, BackendHistory history) {
		ReactiveThreeScaleClient http = new DeferredThreeScaleClient(() -> backend().client(service));
		ReactiveThreeScaleClient observed = new ObservedThreeScaleClient(http, service.serviceId(),
				this.observations.getIfUnique(() -> ObservationRegistry.NOOP), this.convention.getIfAvailable());
		return history.record(this.guard.guard(observed));
	}

	/**
	 * Build the connections, if that is not done yet.
	 */
	SharedBackend backend() {
		SharedBackend built = this.backend;
		return (built != null) ? built : build();
	}

	private SharedBackend build() {
		this.building.lock();
		try {
			SharedBackend built = this.backend;
			if (built == null) {
				built = this.builder.buildShared();
				if (this.closed) {
					built.close();
				}
				this.backend = built;
			}
			return built;
		}
		finally {
			this.building.unlock();
		}
	}

	@Override
	public void close() {
		this.building.lock();
		try {
			this.closed = true;
			SharedBackend built = this.backend;
			if (built != null) {
				built.close();
			}
		}
		finally {
			this.building.unlock();
		}
	}

	/** What stays on the machine needs no encryption. */
	private static boolean isPlainHttp(URI url) {
		String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
		boolean loopback = host.equals("localhost") || host.endsWith(".localhost") || host.matches("127(\\.\\d+){3}")
				|| host.equals("[::1]");
		return "http".equalsIgnoreCase(url.getScheme()) && !loopback;
	}

	private static UnaryOperator<HttpClient> tls(@Nullable String bundle, ObjectProvider<SslBundles> sslBundles) {
		if (bundle == null) {
			return UnaryOperator.identity();
		}
		SslBundles bundles = sslBundles.getObject();
		ReloadableSslContext context = new ReloadableSslContext(sslContext(sslBundle(bundle, bundles)));
		bundles.addBundleUpdateHandler(bundle, (updated) -> reload(bundle, updated, context));
		return (httpClient) -> httpClient.secure((spec) -> spec.sslContext(context));
	}

	/** Nothing else of that client is taken over: it compresses, and asks for a proxy. */
	private static SslContext sslContext(SslBundle bundle) {
		SslProvider provider = new ReactorHttpClientBuilder().build(HttpClientSettings.ofSslBundle(bundle))
			.configuration()
			.sslProvider();
		return Objects.requireNonNull(provider).getSslContext();
	}

	private static void reload(String name, SslBundle bundle, ReloadableSslContext context) {
		try {
			context.reload(sslContext(bundle));
			logger.info("New connections to 3scale have the keys and certificates of SSL bundle '" + name
					+ "' as they are now.");
		}
		catch (RuntimeException ex) {
			logger.error("SSL bundle '" + name + "' was changed, and cannot be used. Connections to 3scale stay with "
					+ "what it held before.", ex);
		}
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

package io.threescale.spring.client.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.client.answer.Answer;
import io.threescale.spring.client.answer.Operation;
import org.jetbrains.annotations.ApiStatus;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClient.RequestHeadersSpec;

/**
 * Carries requests to 3scale and brings back the answers, or says that there was none.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class HttpBackend implements AutoCloseable {

	private static final String REJECTION_REASON = "rejection_reason_header=1";

	/** A status of hundreds of limits is well below. */
	private static final int MAX_BODY_SIZE = 1024 * 1024;

	private final WebClient webClient;

	private final Connections connections;

	private final URI baseUrl;

	private final Map<Operation, URI> uris = new EnumMap<>(Operation.class);

	private final long totalTimeout;

	private final long responseTimeout;

	private volatile boolean closed;

	private HttpBackend(WebClient webClient, Connections connections, URI baseUrl, ConnectionSettings settings) {
		this.webClient = webClient;
		this.connections = connections;
		this.baseUrl = baseUrl;
		this.totalTimeout = settings.totalTimeout().toNanos();
		this.responseTimeout = settings.responseTimeout().toNanos();
		String base = baseUrl.toString().replaceFirst("/+$", "");
		for (Operation operation : Operation.values()) {
			this.uris.put(operation, URI.create(base + operation.path()));
		}
	}

	/**
	 * Create a backend, which connects when it is asked first.
	 * @param baseUrl where it is
	 * @param settings bound the connections
	 * @param httpClient changes the HTTP client
	 * @param webClient changes the {@link WebClient}
	 * @return the backend
	 */
	public static HttpBackend of(URI baseUrl, ConnectionSettings settings, UnaryOperator<HttpClient> httpClient,
			Consumer<WebClient.Builder> webClient) {
		Connections connections = Connections.of(settings);
		HttpClient changed = httpClient.apply(connections.httpClient().headers(HttpBackend::name));
		WebClient.Builder builder = WebClient.builder()
			.clientConnector(new ReactorClientHttpConnector(ConfidentialRequests.over(changed)))
			.codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(MAX_BODY_SIZE));
		webClient.accept(builder);
		return new HttpBackend(builder.build(), connections, baseUrl, settings);
	}

	private static void name(io.netty.handler.codec.http.HttpHeaders headers) {
		headers.set(HttpHeaders.USER_AGENT, "threescale-spring/" + version())
			.set("X-3scale-User-Agent", "plugin-java-v" + version());
	}

	private static String version() {
		String version = HttpBackend.class.getPackage().getImplementationVersion();
		return (version != null) ? version : "0";
	}

	/**
	 * Send a question.
	 * @param operation what to ask for
	 * @param query the parameters, encoded
	 * @param options the options of 3scale, encoded
	 * @return the answer; fails with a {@link ThreeScaleUnavailableException} if there is
	 * none
	 */
	public Mono<Answer> ask(Operation operation, String query, String options) {
		return exchange(operation, this.webClient.get().uri(uri(operation)), query,
				options.isEmpty() ? REJECTION_REASON : REJECTION_REASON + "&" + options);
	}

	/**
	 * Send a report.
	 * @param form the parameters, encoded
	 * @param options the options of 3scale, encoded
	 * @return the answer; fails with a {@link ThreeScaleUnavailableException} if there is
	 * none
	 */
	public Mono<Answer> tell(String form, String options) {
		RequestHeadersSpec<?> request = this.webClient.post()
			.uri(uri(Operation.REPORT))
			.contentType(MediaType.APPLICATION_FORM_URLENCODED)
			.bodyValue(form.getBytes(StandardCharsets.US_ASCII));
		return exchange(Operation.REPORT, request, "", options);
	}

	private URI uri(Operation operation) {
		return Objects.requireNonNull(this.uris.get(operation));
	}

	private Mono<Answer> exchange(Operation operation, RequestHeadersSpec<?> request, String query, String options) {
		return Mono.create((sink) -> {
			if (this.closed) {
				sink.error(new ThreeScaleUnavailableException("The 3scale client is closed", false, null));
				return;
			}
			Exchange exchange = new Exchange(this, operation, query, options, sink);
			exchange.start(request.exchangeToMono(exchange::read));
		});
	}

	long totalTimeout() {
		return this.totalTimeout;
	}

	long responseTimeout() {
		return this.responseTimeout;
	}

	Timer timer() {
		return this.connections.timer();
	}

	Waiting waiting() {
		return this.connections.waiting();
	}

	ThreeScaleUnavailableException crowded(Operation operation) {
		return new ThreeScaleUnavailableException(
				"3scale at " + this.baseUrl + " is not asked for " + operation
						+ ", as too many calls wait for it already; see 'threescale.connection.max-waiting'",
				false, null);
	}

	ThreeScaleUnavailableException unavailable(Operation operation, boolean left, Throwable failure) {
		return TransportFailure.of(this.baseUrl, operation, left, failure);
	}

	/**
	 * Close the connections, also under calls that are not over. The pool would open new
	 * ones if it were asked again.
	 */
	@Override
	public void close() {
		this.closed = true;
		for (Timeout pending : timer().stop()) {
			if (pending.task() instanceof Exchange exchange) {
				exchange.giveUp(new CancellationException());
			}
		}
		this.connections.pool().dispose();
	}

}

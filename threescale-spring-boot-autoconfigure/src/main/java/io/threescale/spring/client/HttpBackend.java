package io.threescale.spring.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.threescale.spring.ThreeScaleUnavailableException;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClient.RequestHeadersSpec;

/**
 * Carries requests to 3scale and brings back the answers, or says that there was none.
 */
final class HttpBackend {

	private static final String REJECTION_REASON = "rejection_reason_header=1";

	private final WebClient webClient;

	private final Connections connections;

	private final URI baseUrl;

	private final Map<Operation, URI> uris = new EnumMap<>(Operation.class);

	private final long totalTimeout;

	private final long responseTimeout;

	private volatile boolean closed;

	HttpBackend(WebClient webClient, Connections connections, URI baseUrl, ConnectionSettings settings) {
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

	Mono<Answer> ask(Operation operation, String query, Set<Extension> extensions) {
		return exchange(operation, this.webClient.get().uri(uri(operation)), query,
				options(REJECTION_REASON, extensions));
	}

	Mono<Answer> tell(String form, Set<Extension> extensions) {
		RequestHeadersSpec<?> request = this.webClient.post()
			.uri(uri(Operation.REPORT))
			.contentType(MediaType.APPLICATION_FORM_URLENCODED)
			.bodyValue(form.getBytes(StandardCharsets.US_ASCII));
		return exchange(Operation.REPORT, request, "", options("", extensions));
	}

	private URI uri(Operation operation) {
		return Objects.requireNonNull(this.uris.get(operation));
	}

	private static String options(String first, Set<Extension> extensions) {
		if (extensions.isEmpty()) {
			return first;
		}
		StringBuilder options = new StringBuilder(first);
		for (Extension extension : extensions) {
			if (!options.isEmpty()) {
				options.append('&');
			}
			options.append(extension.option()).append("=1");
		}
		return options.toString();
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
	void close() {
		this.closed = true;
		for (Timeout pending : timer().stop()) {
			if (pending.task() instanceof Exchange exchange) {
				exchange.giveUp(new CancellationException());
			}
		}
		this.connections.pool().dispose();
	}

}

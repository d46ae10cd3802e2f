package io.threescale.spring.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

import io.netty.handler.proxy.ProxyConnectException;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.ThreeScaleUnavailableException;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClient.RequestHeadersSpec;
import org.springframework.web.reactive.function.client.WebClientRequestException;

/**
 * Carries one request to 3scale and brings back the answer, or says that there was none.
 */
final class HttpBackend {

	private static final String REJECTION_REASON = "rejection_reason_header=1";

	private final WebClient webClient;

	private final Map<Operation, URI> uris = new EnumMap<>(Operation.class);

	private final Deadline deadline;

	private final Runnable onClose;

	private volatile boolean closed;

	HttpBackend(WebClient webClient, URI baseUrl, Duration timeout, Runnable onClose) {
		this.webClient = webClient;
		this.deadline = new Deadline(timeout);
		this.onClose = onClose;
		String base = baseUrl.toString().replaceFirst("/+$", "");
		for (Operation operation : Operation.values()) {
			this.uris.put(operation, URI.create(base + operation.path()));
		}
	}

	Mono<Answer> ask(Operation operation, String query, Set<Extension> extensions) {
		return exchange(operation, this.webClient.get().uri(uri(operation)),
				() -> new Departure(query, options(REJECTION_REASON, extensions)));
	}

	Mono<Answer> tell(String form, Set<Extension> extensions) {
		RequestHeadersSpec<?> request = this.webClient.post()
			.uri(uri(Operation.REPORT))
			.contentType(MediaType.APPLICATION_FORM_URLENCODED)
			.bodyValue(form.getBytes(StandardCharsets.US_ASCII));
		return exchange(Operation.REPORT, request, () -> new Departure("", options("", extensions)));
	}

	private URI uri(Operation operation) {
		return Objects.requireNonNull(this.uris.get(operation));
	}

	private static String options(String first, Set<Extension> extensions) {
		StringBuilder options = new StringBuilder(first);
		for (Extension extension : extensions) {
			if (!options.isEmpty()) {
				options.append('&');
			}
			options.append(extension.option()).append("=1");
		}
		return options.toString();
	}

	private Mono<Answer> exchange(Operation operation, RequestHeadersSpec<?> request, Supplier<Departure> departures) {
		return Mono.defer(() -> {
			if (this.closed) {
				return Mono.error(new ThreeScaleUnavailableException("The 3scale client is closed", false, null));
			}
			Departure departure = departures.get();
			return this.deadline.of(request.exchangeToMono((response) -> answer(response, departure)))
				.onErrorResume((ex) -> withoutBody(operation, departure, ex))
				.contextWrite(departure::into);
		});
	}

	/**
	 * Close the connections. The pool would open new ones if it were asked again.
	 */
	void close() {
		this.closed = true;
		this.deadline.close();
		this.onClose.run();
	}

	private static Mono<Answer> answer(ClientResponse response, Departure departure) {
		Answer head = Answer.head(response.statusCode().value(), response.headers().asHttpHeaders());
		departure.answered(head);
		return response.bodyToMono(byte[].class).map(head::with).defaultIfEmpty(head.withoutBody());
	}

	/**
	 * The status has decided when the headers are there. Whatever happens to the body
	 * after that, or does not happen in time, takes nothing back.
	 */
	private static Mono<Answer> withoutBody(Operation operation, Departure departure, Throwable ex) {
		Answer head = departure.answer();
		return (head != null) ? Mono.just(head) : Mono.error(unavailable(operation, departure, ex));
	}

	private static ThreeScaleException unavailable(Operation operation, Departure departure, Throwable ex) {
		Throwable cause = (ex instanceof WebClientRequestException && ex.getCause() != null) ? ex.getCause() : ex;
		// A request is written while the proxy is still being asked, but then it waits
		boolean left = departure.hasBegun() && !(cause instanceof ProxyConnectException);
		String what = left ? "did not answer " : "could not be reached for ";
		return new ThreeScaleUnavailableException(
				"3scale " + what + operation + ": " + cause.getClass().getSimpleName(), left && operation.counts(),
				cause);
	}

}

package io.threescale.spring.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.ThreeScaleUnavailableException;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClient.RequestHeadersSpec;

/**
 * Carries one request to 3scale and brings back the answer, or says that there was none.
 */
final class HttpBackend {

	private static final String OPTIONS = "3scale-options";

	private static final String REJECTION_REASON = "rejection_reason_header=1";

	private static final byte[] NO_BODY = {};

	private final WebClient webClient;

	private final Map<Operation, URI> uris = new EnumMap<>(Operation.class);

	private final Duration timeout;

	HttpBackend(WebClient webClient, URI baseUrl, Duration timeout) {
		this.webClient = webClient;
		this.timeout = timeout;
		String base = baseUrl.toString().replaceFirst("/+$", "");
		for (Operation operation : Operation.values()) {
			this.uris.put(operation, URI.create(base + operation.path()));
		}
	}

	Mono<Answer> ask(Operation operation, String query, Set<Extension> extensions) {
		RequestHeadersSpec<?> request = this.webClient.get()
			.uri(uri(operation))
			.header(OPTIONS, options(REJECTION_REASON, extensions));
		return exchange(operation, request, query);
	}

	Mono<Answer> tell(String form, Set<Extension> extensions) {
		RequestHeadersSpec<?> request = this.webClient.post().uri(uri(Operation.REPORT)).headers((headers) -> {
			if (!extensions.isEmpty()) {
				headers.set(OPTIONS, options("", extensions));
			}
		}).contentType(MediaType.APPLICATION_FORM_URLENCODED).bodyValue(form.getBytes(StandardCharsets.US_ASCII));
		return exchange(Operation.REPORT, request, "");
	}

	private URI uri(Operation operation) {
		return Objects.requireNonNull(this.uris.get(operation));
	}

	private static String options(String first, Set<Extension> extensions) {
		return Stream.concat(Stream.of(first), extensions.stream().map((extension) -> extension.option() + "=1"))
			.filter((option) -> !option.isEmpty())
			.collect(Collectors.joining("&"));
	}

	private Mono<Answer> exchange(Operation operation, RequestHeadersSpec<?> request, String query) {
		return Mono.defer(() -> {
			Departure departure = new Departure(query);
			return request.exchangeToMono(HttpBackend::answer)
				.timeout(this.timeout)
				.onErrorMap((ex) -> unavailable(operation, departure, ex))
				.contextWrite(departure::into);
		});
	}

	/**
	 * The status has decided when the headers are there; whatever happens to the body
	 * after that takes nothing back.
	 */
	private static Mono<Answer> answer(ClientResponse response) {
		int status = response.statusCode().value();
		HttpHeaders headers = response.headers().asHttpHeaders();
		return response.bodyToMono(byte[].class)
			.onErrorReturn(NO_BODY)
			.defaultIfEmpty(NO_BODY)
			.map((body) -> new Answer(status, headers, body));
	}

	private static ThreeScaleException unavailable(Operation operation, Departure departure, Throwable ex) {
		String what = departure.hasBegun() ? "did not answer " : "could not be reached for ";
		return new ThreeScaleUnavailableException("3scale " + what + operation + ": " + ex.getClass().getSimpleName(),
				departure.hasBegun() && operation.counts(), ex);
	}

}

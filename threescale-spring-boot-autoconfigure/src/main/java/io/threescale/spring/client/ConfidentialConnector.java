package io.threescale.spring.client;

import java.net.URI;
import java.util.function.Function;

import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;

/**
 * Adds the query to a request at the last moment. All secrets of an authorization travel
 * in it, and WebClient would show it in logs, exceptions and observations.
 */
record ConfidentialConnector(ClientHttpConnector delegate) implements ClientHttpConnector {

	@Override
	public Mono<ClientHttpResponse> connect(HttpMethod method, URI uri,
			Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
		return Mono.deferContextual((context) -> {
			Departure departure = Departure.from(context);
			return this.delegate.connect(method, departure.complete(uri), (request) -> {
				departure.begin();
				return requestCallback.apply(request);
			});
		});
	}

}

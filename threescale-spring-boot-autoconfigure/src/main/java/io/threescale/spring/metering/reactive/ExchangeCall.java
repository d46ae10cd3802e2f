package io.threescale.spring.metering.reactive;

import java.util.Map;

import io.threescale.spring.metering.CompletedCall;
import io.threescale.spring.metering.CurrentCall;
import io.threescale.spring.metering.MeteredCall;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatusCode;
import org.springframework.web.ErrorResponse;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;

/**
 * What is known of the call that an exchange makes, in whatever guise the exchange goes
 * through the chain.
 */
final class ExchangeCall {

	private static final String ATTRIBUTE = ExchangeCall.class.getName();

	private final CurrentCall current = new CurrentCall();

	private volatile @Nullable Mono<MeteredCall> decision;

	static ExchangeCall of(ServerWebExchange exchange) {
		return (ExchangeCall) exchange.getAttributes().computeIfAbsent(ATTRIBUTE, (absent) -> new ExchangeCall());
	}

	CurrentCall current() {
		return this.current;
	}

	@Nullable MeteredCall call() {
		return this.current.admitted();
	}

	/**
	 * Return what was decided, as it was told first, or {@code null} if nothing is yet.
	 */
	@Nullable Mono<MeteredCall> decision() {
		return this.decision;
	}

	void admitted(MeteredCall call) {
		this.current.admit(call);
		this.decision = Mono.just(call);
	}

	void refused(Throwable refusal) {
		this.decision = Mono.error(refusal);
	}

	/**
	 * Say what came of the call. A failure nobody has answered yet is going to be
	 * answered with the status it names, or 500.
	 */
	CompletedCall completed(ServerWebExchange exchange, @Nullable Throwable failure) {
		Map<String, String> path = exchange.getAttributeOrDefault(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE,
				Map.of());
		return new CompletedCall(exchange.getRequest(), path, status(exchange, failure),
				(failure == null) ? this.current.result() : null);
	}

	private static int status(ServerWebExchange exchange, @Nullable Throwable failure) {
		if (failure instanceof ErrorResponse response) {
			return response.getStatusCode().value();
		}
		HttpStatusCode status = exchange.getResponse().getStatusCode();
		int answered = (status != null) ? status.value() : 200;
		return (failure != null && answered < 400) ? 500 : answered;
	}

}

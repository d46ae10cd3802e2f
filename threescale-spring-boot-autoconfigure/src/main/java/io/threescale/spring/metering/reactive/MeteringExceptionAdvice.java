package io.threescale.spring.metering.reactive;

import io.threescale.spring.metering.problem.MeteringException;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.server.ServerWebExchange;

/**
 * Answers what a controller method itself throws, by a {@link MeteringExceptionHandler},
 * before an advice for all exceptions does. Not final, as applications put aspects around
 * exception handlers.
 *
 * @since 0.1.0
 */
@ControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
public class MeteringExceptionAdvice {

	private final MeteringExceptionHandler exceptions;

	private final ObjectProvider<HandlerResultHandler> results;

	/**
	 * Create the advice.
	 * @param exceptions answers
	 * @param results write what an exception handler of the application returns
	 */
	public MeteringExceptionAdvice(MeteringExceptionHandler exceptions, ObjectProvider<HandlerResultHandler> results) {
		this.exceptions = exceptions;
		this.results = results;
	}

	@ExceptionHandler
	Mono<Void> answer(MeteringException ex, ServerWebExchange exchange) {
		return this.exceptions.handleError(exchange, ex).flatMap((result) -> write(exchange, result));
	}

	private Mono<Void> write(ServerWebExchange exchange, HandlerResult result) {
		return this.results.orderedStream()
			.filter((handler) -> handler.supports(result))
			.findFirst()
			.orElseThrow()
			.handleResult(exchange, result);
	}

}

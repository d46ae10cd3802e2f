package io.threescale.spring.metering.reactive;

import java.util.Locale;

import io.threescale.spring.metering.problem.MeantExceptionHandlers;
import io.threescale.spring.metering.problem.MeteringException;
import io.threescale.spring.metering.problem.MeteringProblems;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.server.ServerWebExchange;

/**
 * Answers a {@link MeteringException}, whatever kind of handler was called: with an
 * {@code @ExceptionHandler} of the application that is {@linkplain MeantExceptionHandlers
 * meant} for it, and else with problem details (RFC 9457). It is an advice as well, as
 * what a controller method itself throws would go to an advice for all exceptions. Not
 * final, as applications put aspects around exception handlers.
 *
 * @since 0.1.0
 */
@ControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
public class MeteringExceptionHandler {

	private static final Log logger = LogFactory.getLog(MeteringExceptionHandler.class);

	private final MeteringProblems problems;

	private final ApplicationExceptionHandlers handlers;

	private final ObjectProvider<HandlerResultHandler> results;

	/**
	 * Create a handler.
	 * @param problems makes the answers
	 * @param context has the exception handlers of the application
	 * @param results write what an exception handler of the application returns
	 */
	public MeteringExceptionHandler(MeteringProblems problems, ApplicationContext context,
			ObjectProvider<HandlerResultHandler> results) {
		this.problems = problems;
		this.handlers = new ApplicationExceptionHandlers(context);
		this.results = results;
	}

	@ExceptionHandler
	Mono<Void> answer(MeteringException ex, ServerWebExchange exchange) {
		return handleError(exchange, ex).flatMap((result) -> this.results.orderedStream()
			.filter((handler) -> handler.supports(result))
			.findFirst()
			.orElseThrow()
			.handleResult(exchange, result));
	}

	/**
	 * Answer an exception, if it is one of ours and nothing is sent yet.
	 * @return what an exception handler of the application returns, or nothing if the
	 * answer was written; else fails with the exception
	 */
	public Mono<HandlerResult> handleError(ServerWebExchange exchange, Throwable exception) {
		MeteringException refusal = MeteringProblems.find(exception);
		if (refusal == null || exchange.getResponse().isCommitted()) {
			return Mono.error(exception);
		}
		exchange.getAttributes().remove(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE);
		exchange.getResponse().getHeaders().clearContentHeaders();
		Mono<HandlerResult> answer = this.handlers.call(exchange, refusal);
		return (answer != null) ? answer.onErrorResume((failure) -> failed(exchange, refusal, failure))
				: answer(exchange, refusal);
	}

	private Mono<HandlerResult> failed(ServerWebExchange exchange, MeteringException refusal, Throwable failure) {
		logger.warn("An exception handler of the application failed to answer " + refusal, failure);
		return answer(exchange, refusal);
	}

	private Mono<HandlerResult> answer(ServerWebExchange exchange, MeteringException refusal) {
		byte[] body = this.problems.body(refusal, locale(exchange), exchange.getRequest().getPath().value());
		ServerHttpResponse response = exchange.getResponse();
		response.setStatusCode(refusal.getStatusCode());
		HttpHeaders headers = response.getHeaders();
		refusal.getHeaders().forEach(headers::put);
		headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		headers.setContentLength(body.length);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body))).then(Mono.empty());
	}

	private static Locale locale(ServerWebExchange exchange) {
		@Nullable Locale locale = exchange.getLocaleContext().getLocale();
		return (locale != null) ? locale : Locale.getDefault();
	}

}

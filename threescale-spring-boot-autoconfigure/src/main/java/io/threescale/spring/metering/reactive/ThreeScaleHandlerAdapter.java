package io.threescale.spring.metering.reactive;

import java.security.Principal;
import java.util.List;

import io.threescale.spring.metering.CurrentCall;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.metering.UsageResolver;
import io.threescale.spring.metering.problem.MeteringException;
import io.threescale.spring.metering.problem.MeteringProblems;
import io.threescale.spring.metering.rules.CanonicalPath;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.DispatchExceptionHandler;
import org.springframework.web.reactive.HandlerAdapter;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.resource.ResourceWebHandler;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.server.ServerWebExchange;

/**
 * Performs authrep before a metered handler, and leaves the rest to the adapter that
 * would have served it. This is the place where WebFlux has found the handler and not
 * called it yet, and the first that hears of its failure.
 *
 * @since 0.1.0
 */
public final class ThreeScaleHandlerAdapter implements HandlerAdapter, DispatchExceptionHandler, Ordered {

	private static final String ACTUATOR = "org.springframework.boot.webflux.actuate.";

	private final MeteringGate gate;

	private final UsageResolver usages;

	private final MeteringExceptionHandler exceptions;

	private final SingletonSupplier<List<HandlerAdapter>> adapters;

	/**
	 * Create an adapter.
	 * @param gate decides
	 * @param usages tells what a call uses
	 * @param exceptions answers calls that may not go on
	 * @param adapters all adapters there are, in their order
	 */
	public ThreeScaleHandlerAdapter(MeteringGate gate, UsageResolver usages, MeteringExceptionHandler exceptions,
			ObjectProvider<HandlerAdapter> adapters) {
		this.gate = gate;
		this.usages = usages;
		this.exceptions = exceptions;
		this.adapters = SingletonSupplier
			.of(() -> adapters.orderedStream().filter((adapter) -> adapter != this).toList());
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public boolean supports(Object handler) {
		return this.adapters.obtain().stream().anyMatch((adapter) -> adapter.supports(handler));
	}

	/**
	 * Let a call go on if it is not metered or is granted.
	 * @return what the handler returns; fails with a {@link MeteringException} if the
	 * call may not go on
	 */
	@Override
	public Mono<HandlerResult> handle(ServerWebExchange exchange, Object handler) {
		HandlerAdapter adapter = adapterOf(handler);
		CurrentCall current = ExchangeCall.of(exchange).current();
		// The context is written again, as threads learn of the call when it is
		return admit(exchange, handler)
			.then(Mono.defer(() -> adapter.handle(exchange, handler)).contextWrite(current::into))
			.map((result) -> (current.isMeasured() && !isOfExceptionHandler(result))
					? MeasuredResult.of(result, current::returned) : result)
			.map(this::answeringExceptions);
	}

	/**
	 * Where the handler itself throws, its adapter answers with what an exception handler
	 * of the application returns. That is no result to be charged for.
	 */
	private static boolean isOfExceptionHandler(HandlerResult result) {
		return result.getReturnTypeSource().hasMethodAnnotation(ExceptionHandler.class);
	}

	/**
	 * What becomes the body may fail with one of our exceptions, too.
	 */
	private HandlerResult answeringExceptions(HandlerResult result) {
		DispatchExceptionHandler own = result.getExceptionHandler();
		return result.setExceptionHandler((exchange, failure) -> {
			if (own != null && MeteringProblems.find(failure) == null) {
				return own.handleError(exchange, failure);
			}
			return handleError(exchange, failure);
		});
	}

	/**
	 * Answer a call that may not go on.
	 */
	@Override
	public Mono<HandlerResult> handleError(ServerWebExchange exchange, Throwable failure) {
		return this.exceptions.handleError(exchange, failure);
	}

	/**
	 * Decide about a call, unless it is not metered. Its decision is made once, and is
	 * the same whenever this is asked again.
	 * @param exchange what is called
	 * @param handler the handler of the application that would be
	 * @return the call, or nothing if it is not metered; fails with a
	 * {@link MeteringException} if it may not go on
	 */
	public Mono<MeteredCall> admit(ServerWebExchange exchange, Object handler) {
		ExchangeCall exchangeCall = ExchangeCall.of(exchange);
		Mono<MeteredCall> decision = exchangeCall.decision();
		if (decision != null) {
			return decision;
		}
		MeteredOperation operation = operation(exchange.getRequest(), handler);
		return (operation != null)
				? admit(operation, exchange).doOnNext((call) -> admitted(call, exchangeCall, exchange))
					.doOnError(exchangeCall::refused)
				: Mono.empty();
	}

	private @Nullable MeteredOperation operation(ServerHttpRequest request, Object handler) {
		PathContainer path = request.getPath().pathWithinApplication();
		return (isActuator(handler) || isAnsweredBySpring(request, handler)) ? null : this.usages.resolve(handler,
				request, (handler instanceof ResourceWebHandler) ? CanonicalPath.ofFile(path) : path);
	}

	/**
	 * CORS preflights, and {@code OPTIONS} that no handler of the application is mapped
	 * to, are answered by Spring itself: with headers, and nothing of the application.
	 */
	private static boolean isAnsweredBySpring(ServerHttpRequest request, Object handler) {
		return CorsUtils.isPreFlightRequest(request) || HttpMethod.OPTIONS.equals(request.getMethod())
				&& (handler instanceof ResourceWebHandler || handler instanceof HandlerMethod method
						&& method.getBeanType().getEnclosingClass() == RequestMappingInfoHandlerMapping.class);
	}

	private HandlerAdapter adapterOf(Object handler) {
		return this.adapters.obtain().stream().filter((adapter) -> adapter.supports(handler)).findFirst().orElseThrow();
	}

	/**
	 * The endpoints of the actuator go through the same adapters as the application's.
	 */
	private static boolean isActuator(Object handler) {
		return handler instanceof HandlerMethod method && method.getBeanType().getName().startsWith(ACTUATOR);
	}

	/**
	 * The principal goes along, as resolvers of credentials see the request only and must
	 * not wait for it.
	 */
	private Mono<MeteredCall> admit(MeteredOperation operation, ServerWebExchange exchange) {
		ServerHttpRequest request = exchange.getRequest();
		return exchange.getPrincipal()
			.doOnNext((principal) -> request.getAttributes().put(Principal.class.getName(), principal))
			.then(Mono.defer(() -> this.gate.admit(operation, request)));
	}

	private void admitted(MeteredCall call, ExchangeCall exchangeCall, ServerWebExchange exchange) {
		exchangeCall.admitted(call);
		this.gate.writeHeaders(call, exchange.getResponse().getHeaders());
	}

}

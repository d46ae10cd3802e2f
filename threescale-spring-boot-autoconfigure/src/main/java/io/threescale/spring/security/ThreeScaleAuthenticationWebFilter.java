package io.threescale.spring.security;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.problem.MeteringException;
import io.threescale.spring.metering.reactive.ThreeScaleHandlerAdapter;
import io.threescale.spring.metering.reactive.ThreeScaleWebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Has a metered call decided about now, before the access rules, and authenticates the
 * calling application. What is refused goes on to the {@link DispatcherHandler} at once,
 * which answers it as if it had come there. What is not metered passes as it came; what
 * fails in another way goes no further.
 */
final class ThreeScaleAuthenticationWebFilter implements WebFilter {

	private final SingletonSupplier<DispatcherHandler> dispatcher;

	private final ThreeScaleHandlerAdapter adapter;

	private final ThreeScaleWebFilter settlement;

	private final ThreeScaleAuthenticationConverter converter;

	ThreeScaleAuthenticationWebFilter(Supplier<DispatcherHandler> dispatcher, ThreeScaleHandlerAdapter adapter,
			ThreeScaleWebFilter settlement, ThreeScaleAuthenticationConverter converter) {
		this.dispatcher = SingletonSupplier.of(dispatcher);
		this.adapter = adapter;
		this.settlement = settlement;
		this.converter = converter;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		return handler(exchange).flatMap((handler) -> this.adapter.admit(exchange, handler))
			.map((call) -> this.settlement.filter(exchange, (admitted) -> authenticated(call, chain.filter(admitted))))
			.defaultIfEmpty(chain.filter(exchange))
			.onErrorResume(MeteringException.class, (refusal) -> Mono.just(this.dispatcher.obtain().handle(exchange)))
			.flatMap(Function.identity());
	}

	/**
	 * Find the handler. What keeps it from being found is told by the dispatcher later,
	 * and what is forbidden to other origins reaches none. A route is looked for below
	 * the pattern that matched before, so that is forgotten.
	 */
	private Mono<Object> handler(ServerWebExchange exchange) {
		return Flux.fromIterable(Objects.requireNonNull(this.dispatcher.obtain().getHandlerMappings()))
			.concatMap((mapping) -> mapping.getHandler(exchange))
			.next()
			.doOnNext((handler) -> exchange.getAttributes().remove(RouterFunctions.MATCHING_PATTERN_ATTRIBUTE))
			.filter((handler) -> exchange.getResponse().getStatusCode() != HttpStatus.FORBIDDEN)
			.onErrorComplete();
	}

	private Mono<Void> authenticated(MeteredCall call, Mono<Void> rest) {
		return ReactiveSecurityContextHolder.getContext()
			.mapNotNull(SecurityContext::getAuthentication)
			.singleOptional()
			.flatMap((current) -> {
				Authentication authentication = this.converter.convert(call, current.orElse(null));
				return (authentication != null)
						? rest.contextWrite(ReactiveSecurityContextHolder.withAuthentication(authentication)) : rest;
			});
	}

}

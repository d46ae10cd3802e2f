package io.threescale.spring.metering.reactive;

import java.util.concurrent.atomic.AtomicReference;

import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.MeteringGate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Settles a call when its exchange is done, has failed, or its caller has hung up, and
 * keeps it in the context for {@link MeteredCall#current()}. The
 * {@link ThreeScaleHandlerAdapter} admits it.
 *
 * @since 0.1.0
 */
public final class ThreeScaleWebFilter implements WebFilter, Ordered {

	private final MeteringGate gate;

	/**
	 * Create a filter.
	 * @param gate charges what is known only afterwards
	 */
	public ThreeScaleWebFilter(MeteringGate gate) {
		this.gate = gate;
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ExchangeCall exchangeCall = ExchangeCall.of(exchange);
		AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
		// Before the server hears of the end, as a stop waits for what was settled by
		// then
		Runnable settlement = () -> settle(exchange, exchangeCall, failure.get());
		return chain.filter(exchange)
			.contextWrite(exchangeCall.current()::into)
			.doOnError(failure::set)
			.doOnTerminate(settlement)
			.doOnCancel(settlement);
	}

	private void settle(ServerWebExchange exchange, ExchangeCall exchangeCall, @Nullable Throwable failure) {
		MeteredCall call = exchangeCall.call();
		if (call != null) {
			this.gate.settle(call, exchangeCall.completed(exchange, failure));
		}
	}

}

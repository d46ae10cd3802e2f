package io.threescale.spring.metering.reactive;

import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.MeteredCallArgument;

import org.springframework.core.MethodParameter;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.result.method.SyncHandlerMethodArgumentResolver;
import org.springframework.web.server.ServerWebExchange;

/**
 * Hands the call, or the decision about it, to a controller method that takes it as an
 * argument. A call nobody decided about, as with metering switched off, is
 * {@linkplain MeteredCall#unmetered() unmetered}.
 *
 * @since 0.1.0
 */
public final class MeteredCallArgumentResolver implements SyncHandlerMethodArgumentResolver {

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return MeteredCallArgument.supports(parameter.getParameterType());
	}

	@Override
	public Object resolveArgumentValue(MethodParameter parameter, BindingContext bindingContext,
			ServerWebExchange exchange) {
		return MeteredCallArgument.of(parameter.getParameterType(), ExchangeCall.of(exchange).call());
	}

}

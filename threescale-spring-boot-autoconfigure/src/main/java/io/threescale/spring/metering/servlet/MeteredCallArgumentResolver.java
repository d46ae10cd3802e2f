package io.threescale.spring.metering.servlet;

import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.MeteredCallArgument;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Hands the call, or the decision about it, to a controller method that takes it as an
 * argument. A call nobody decided about, as with metering switched off, is
 * {@linkplain MeteredCall#unmetered() unmetered}.
 *
 * @since 0.1.0
 */
public final class MeteredCallArgumentResolver implements HandlerMethodArgumentResolver {

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return MeteredCallArgument.supports(parameter.getParameterType());
	}

	@Override
	public Object resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer mavContainer,
			NativeWebRequest webRequest, @Nullable WebDataBinderFactory binderFactory) {
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		return MeteredCallArgument.of(parameter.getParameterType(),
				(request != null) ? ServletCall.of(request).call() : null);
	}

}

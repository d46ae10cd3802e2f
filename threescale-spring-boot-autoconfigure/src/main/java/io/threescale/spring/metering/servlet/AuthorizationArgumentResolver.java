package io.threescale.spring.metering.servlet;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Granted;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Hands the decision to a controller method that takes it as an argument. A call nobody
 * decided about, as with metering switched off, is granted with
 * {@link ApplicationStatus#UNKNOWN}.
 *
 * @since 0.1.0
 */
public final class AuthorizationArgumentResolver implements HandlerMethodArgumentResolver {

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == Authorization.class || parameter.getParameterType() == Granted.class;
	}

	@Override
	public Object resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer mavContainer,
			NativeWebRequest webRequest, @Nullable WebDataBinderFactory binderFactory) {
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		Granted decision = (request != null) ? ThreeScaleHandlerInterceptor.decision(request) : null;
		return (decision != null) ? decision : new Granted(ApplicationStatus.UNKNOWN);
	}

}

package io.threescale.spring.metering.servlet;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.threescale.spring.metering.MeteringException;
import io.threescale.spring.metering.MeteringProblems;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.method.ControllerAdviceBean;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.annotation.ExceptionHandlerMappingInfo;
import org.springframework.web.method.annotation.ExceptionHandlerMethodResolver;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.HandlerExceptionResolverComposite;
import org.springframework.web.servlet.mvc.method.annotation.ExceptionHandlerExceptionResolver;
import org.springframework.web.servlet.mvc.method.annotation.ServletInvocableHandlerMethod;

/**
 * Calls an {@code @ExceptionHandler} of the application as Spring does, but only one that
 * is {@linkplain MeteringProblems#isMeant meant} for the exception, and whatever the
 * handler of the request is.
 */
final class MeantExceptionHandlers extends ExceptionHandlerExceptionResolver {

	private final Map<Class<?>, ExceptionHandlerMethodResolver> controllers = new ConcurrentHashMap<>();

	/**
	 * Take arguments, return values and media types as the application has configured
	 * them.
	 */
	MeantExceptionHandlers(ApplicationContext context) {
		setApplicationContext(context);
		resolvers(context).findFirst().ifPresent((spring) -> {
			setContentNegotiationManager(spring.getContentNegotiationManager());
			if (spring.getArgumentResolvers() != null) {
				setArgumentResolvers(spring.getArgumentResolvers().getResolvers());
			}
			if (spring.getReturnValueHandlers() != null) {
				setReturnValueHandlers(spring.getReturnValueHandlers().getHandlers());
			}
		});
		afterPropertiesSet();
	}

	private static Stream<ExceptionHandlerExceptionResolver> resolvers(ApplicationContext context) {
		return BeanFactoryUtils.beansOfTypeIncludingAncestors(context, HandlerExceptionResolver.class, true, false)
			.values()
			.stream()
			.sorted(AnnotationAwareOrderComparator.INSTANCE)
			.flatMap((resolver) -> (resolver instanceof HandlerExceptionResolverComposite composite)
					? composite.getExceptionResolvers().stream() : Stream.of(resolver))
			.filter(ExceptionHandlerExceptionResolver.class::isInstance)
			.map(ExceptionHandlerExceptionResolver.class::cast);
	}

	@Override
	protected boolean shouldApplyTo(HttpServletRequest request, @Nullable Object handler) {
		return true;
	}

	@Override
	protected @Nullable ServletInvocableHandlerMethod getExceptionHandlerMethod(@Nullable HandlerMethod handler,
			Exception exception, ServletWebRequest request) {
		MeteringException refusal = (MeteringException) exception;
		if (handler != null) {
			ExceptionHandlerMappingInfo own = find(
					this.controllers.computeIfAbsent(handler.getBeanType(), ExceptionHandlerMethodResolver::new),
					refusal, request);
			if (own != null) {
				return invocable(handler.getBean(), own, request);
			}
		}
		Class<?> type = (handler != null) ? AopUtils.getTargetClass(handler.getBean()) : null;
		for (Map.Entry<ControllerAdviceBean, ExceptionHandlerMethodResolver> entry : getExceptionHandlerAdviceCache()
			.entrySet()) {
			ControllerAdviceBean advice = entry.getKey();
			ExceptionHandlerMappingInfo found = advice.isApplicableToBeanType(type)
					? find(entry.getValue(), refusal, request) : null;
			if (found != null) {
				return invocable(advice.resolveBean(), found, request);
			}
		}
		return null;
	}

	private @Nullable ExceptionHandlerMappingInfo find(ExceptionHandlerMethodResolver handlers,
			MeteringException refusal, ServletWebRequest request) {
		for (MediaType mediaType : acceptedMediaTypes(request)) {
			ExceptionHandlerMappingInfo found = handlers.resolveExceptionMappingByExceptionType(refusal.getClass(),
					mediaType);
			if (found != null && MeteringProblems.isMeant(found.getExceptionTypes(), refusal)) {
				return found;
			}
		}
		return null;
	}

	private List<MediaType> acceptedMediaTypes(ServletWebRequest request) {
		try {
			return getContentNegotiationManager().resolveMediaTypes(request);
		}
		catch (HttpMediaTypeNotAcceptableException ex) {
			return List.of(MediaType.ALL);
		}
	}

	private ServletInvocableHandlerMethod invocable(Object bean, ExceptionHandlerMappingInfo handler,
			ServletWebRequest request) {
		if (!handler.getProducibleTypes().isEmpty()) {
			request.setAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE, handler.getProducibleTypes(),
					RequestAttributes.SCOPE_REQUEST);
		}
		return new ServletInvocableHandlerMethod(bean, handler.getHandlerMethod(), getApplicationContext());
	}

}

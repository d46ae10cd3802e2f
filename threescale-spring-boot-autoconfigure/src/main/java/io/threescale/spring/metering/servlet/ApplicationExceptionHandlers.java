package io.threescale.spring.metering.servlet;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.threescale.spring.metering.problem.MeantExceptionHandlers;
import io.threescale.spring.metering.problem.MeantExceptionHandlers.Found;
import io.threescale.spring.metering.problem.MeteringException;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.HandlerExceptionResolverComposite;
import org.springframework.web.servlet.mvc.method.annotation.ExceptionHandlerExceptionResolver;
import org.springframework.web.servlet.mvc.method.annotation.ServletInvocableHandlerMethod;

/**
 * Calls an {@code @ExceptionHandler} of the application as Spring does, but only one that
 * is {@linkplain MeantExceptionHandlers meant} for the exception, and whatever the
 * handler of the request is.
 */
final class ApplicationExceptionHandlers extends ExceptionHandlerExceptionResolver {

	private final MeantExceptionHandlers meant = new MeantExceptionHandlers();

	/**
	 * Take arguments, return values and media types as the application has configured
	 * them.
	 */
	ApplicationExceptionHandlers(ApplicationContext context) {
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
		Found found = this.meant.find((MeteringException) exception, handler, getExceptionHandlerAdviceCache(),
				acceptedMediaTypes(request));
		if (found == null) {
			return null;
		}
		Set<MediaType> producible = found.mapping().getProducibleTypes();
		if (!producible.isEmpty()) {
			request.setAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE, producible,
					RequestAttributes.SCOPE_REQUEST);
		}
		return new ServletInvocableHandlerMethod(found.bean(), found.mapping().getHandlerMethod(),
				getApplicationContext());
	}

	private List<MediaType> acceptedMediaTypes(ServletWebRequest request) {
		try {
			return getContentNegotiationManager().resolveMediaTypes(request);
		}
		catch (HttpMediaTypeNotAcceptableException ex) {
			return List.of(MediaType.ALL);
		}
	}

}

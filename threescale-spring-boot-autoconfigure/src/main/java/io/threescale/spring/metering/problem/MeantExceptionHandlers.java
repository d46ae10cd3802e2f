package io.threescale.spring.metering.problem;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.http.MediaType;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.method.ControllerAdviceBean;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.annotation.ExceptionHandlerMappingInfo;
import org.springframework.web.method.annotation.ExceptionHandlerMethodResolver;

/**
 * Finds the {@code @ExceptionHandler} of the application that is meant for a refusal: it
 * names {@link MeteringException}, a subclass, or {@link ErrorResponseException}. One
 * that names a superclass of those handles whatever may come, and does not decide about
 * our answers; Spring would call it.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class MeantExceptionHandlers {

	private final Map<Class<?>, ExceptionHandlerMethodResolver> controllers = new ConcurrentHashMap<>();

	/**
	 * An exception handler.
	 *
	 * @param bean its bean
	 * @param mapping its method, and what it is for
	 */
	public record Found(Object bean, ExceptionHandlerMappingInfo mapping) {
	}

	/**
	 * Find the exception handler.
	 * @param refusal the refusal
	 * @param controller the handler of the request, whose own exception handlers come
	 * first, or {@code null} if it is no controller method
	 * @param advice the exception handlers of all others, in their order
	 * @param accepted what the caller accepts
	 * @return the exception handler, or {@code null} if none is meant
	 */
	public @Nullable Found find(MeteringException refusal, @Nullable HandlerMethod controller,
			Map<ControllerAdviceBean, ExceptionHandlerMethodResolver> advice, List<MediaType> accepted) {
		if (controller != null) {
			ExceptionHandlerMappingInfo own = find(refusal,
					this.controllers.computeIfAbsent(controller.getBeanType(), ExceptionHandlerMethodResolver::new),
					accepted);
			if (own != null) {
				return new Found(controller.getBean(), own);
			}
		}
		// What the class says counts, whatever proxies are around it
		Class<?> type = (controller != null) ? AopUtils.getTargetClass(controller.getBean()) : null;
		for (Map.Entry<ControllerAdviceBean, ExceptionHandlerMethodResolver> entry : advice.entrySet()) {
			ExceptionHandlerMappingInfo found = entry.getKey().isApplicableToBeanType(type)
					? find(refusal, entry.getValue(), accepted) : null;
			if (found != null) {
				return new Found(entry.getKey().resolveBean(), found);
			}
		}
		return null;
	}

	private static @Nullable ExceptionHandlerMappingInfo find(MeteringException refusal,
			ExceptionHandlerMethodResolver handlers, List<MediaType> accepted) {
		for (MediaType mediaType : accepted) {
			ExceptionHandlerMappingInfo found = handlers.resolveExceptionMappingByExceptionType(refusal.getClass(),
					mediaType);
			if (found != null && isMeant(found.getExceptionTypes(), refusal)) {
				return found;
			}
		}
		return null;
	}

	private static boolean isMeant(Collection<Class<? extends Throwable>> exceptions, MeteringException refusal) {
		return exceptions.stream()
			.filter(ErrorResponseException.class::isAssignableFrom)
			.anyMatch((exception) -> exception.isInstance(refusal));
	}

}

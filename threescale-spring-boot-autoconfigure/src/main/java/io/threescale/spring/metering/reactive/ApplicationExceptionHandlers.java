package io.threescale.spring.metering.reactive;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.threescale.spring.metering.problem.MeantExceptionHandlers;
import io.threescale.spring.metering.problem.MeantExceptionHandlers.Found;
import io.threescale.spring.metering.problem.MeteringException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.http.MediaType;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.method.ControllerAdviceBean;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.annotation.ExceptionHandlerMethodResolver;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.accept.RequestedContentTypeResolver;
import org.springframework.web.reactive.result.method.HandlerMethodArgumentResolver;
import org.springframework.web.reactive.result.method.InvocableHandlerMethod;
import org.springframework.web.reactive.result.method.annotation.CookieValueMethodArgumentResolver;
import org.springframework.web.reactive.result.method.annotation.ExpressionValueMethodArgumentResolver;
import org.springframework.web.reactive.result.method.annotation.ModelMethodArgumentResolver;
import org.springframework.web.reactive.result.method.annotation.PathVariableMethodArgumentResolver;
import org.springframework.web.reactive.result.method.annotation.PrincipalMethodArgumentResolver;
import org.springframework.web.reactive.result.method.annotation.RequestAttributeMethodArgumentResolver;
import org.springframework.web.reactive.result.method.annotation.RequestHeaderMethodArgumentResolver;
import org.springframework.web.reactive.result.method.annotation.RequestParamMethodArgumentResolver;
import org.springframework.web.reactive.result.method.annotation.ServerWebExchangeMethodArgumentResolver;
import org.springframework.web.reactive.result.method.annotation.WebSessionMethodArgumentResolver;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ServerWebExchange;

/**
 * Calls an {@code @ExceptionHandler} of the application as Spring does, but only one that
 * is {@linkplain MeantExceptionHandlers meant} for the exception. Spring's own adapter
 * would ask a handler for all exceptions that comes first.
 */
final class ApplicationExceptionHandlers {

	private final ApplicationContext context;

	private final SingletonSupplier<Map<ControllerAdviceBean, ExceptionHandlerMethodResolver>> advice;

	private final MeantExceptionHandlers meant = new MeantExceptionHandlers();

	private final SingletonSupplier<List<HandlerMethodArgumentResolver>> arguments;

	ApplicationExceptionHandlers(ApplicationContext context) {
		this.context = context;
		this.advice = SingletonSupplier.of(() -> advice(context));
		this.arguments = SingletonSupplier.of(() -> arguments(context));
	}

	private static Map<ControllerAdviceBean, ExceptionHandlerMethodResolver> advice(ApplicationContext context) {
		Map<ControllerAdviceBean, ExceptionHandlerMethodResolver> advice = new LinkedHashMap<>();
		for (ControllerAdviceBean bean : ControllerAdviceBean.findAnnotatedBeans(context)) {
			Class<?> type = bean.getBeanType();
			if (type != null && !MeteringExceptionHandler.class.isAssignableFrom(type)) {
				advice.put(bean, new ExceptionHandlerMethodResolver(type));
			}
		}
		return advice;
	}

	/**
	 * What Spring hands to exception handlers, but for sessions' attributes and arguments
	 * of the application's own.
	 */
	private static List<HandlerMethodArgumentResolver> arguments(ApplicationContext context) {
		ReactiveAdapterRegistry registry = ReactiveAdapterRegistry.getSharedInstance();
		ConfigurableBeanFactory beans = (ConfigurableBeanFactory) context.getAutowireCapableBeanFactory();
		return List.of(new RequestParamMethodArgumentResolver(beans, registry, false),
				new PathVariableMethodArgumentResolver(beans, registry),
				new RequestHeaderMethodArgumentResolver(beans, registry),
				new CookieValueMethodArgumentResolver(beans, registry),
				new ExpressionValueMethodArgumentResolver(beans, registry),
				new RequestAttributeMethodArgumentResolver(beans, registry), new ModelMethodArgumentResolver(registry),
				new ServerWebExchangeMethodArgumentResolver(registry), new PrincipalMethodArgumentResolver(registry),
				new WebSessionMethodArgumentResolver(registry), new MeteredCallArgumentResolver());
	}

	/**
	 * Call the handler that is meant for a refusal.
	 * @return its result, or {@code null} if there is no such handler
	 */
	@Nullable Mono<HandlerResult> call(ServerWebExchange exchange, MeteringException refusal) {
		HandlerMethod controller = (exchange
			.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE) instanceof HandlerMethod method)
					? method.createWithResolvedBean() : null;
		Found found = this.meant.find(refusal, controller, this.advice.obtain(), acceptedMediaTypes(exchange));
		if (found == null) {
			return null;
		}
		Set<MediaType> producible = found.mapping().getProducibleTypes();
		if (!producible.isEmpty()) {
			exchange.getAttributes().put(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE, producible);
		}
		InvocableHandlerMethod handler = new InvocableHandlerMethod(found.bean(), found.mapping().getHandlerMethod());
		handler.setArgumentResolvers(this.arguments.obtain());
		return handler.invoke(exchange, new BindingContext(), refusal, refusal.getCause(), controller);
	}

	private List<MediaType> acceptedMediaTypes(ServerWebExchange exchange) {
		try {
			return this.context.getBean(RequestedContentTypeResolver.class).resolveMediaTypes(exchange);
		}
		catch (NotAcceptableStatusException ex) {
			return List.of(MediaType.ALL);
		}
	}

}

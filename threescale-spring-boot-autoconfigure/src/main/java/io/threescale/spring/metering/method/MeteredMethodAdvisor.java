package io.threescale.spring.metering.method;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.function.Supplier;

import io.threescale.spring.metering.MeteredMethods;
import io.threescale.spring.metering.ThreeScaleMetered;
import org.aopalliance.aop.Advice;
import org.jetbrains.annotations.ApiStatus;

import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.stereotype.Controller;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.service.annotation.HttpExchange;

/**
 * Puts the metering around metered methods, but for those of controllers that serve HTTP
 * requests, or help to: those are metered as handlers, or are part of such a call.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class MeteredMethodAdvisor extends StaticMethodMatcherPointcutAdvisor {

	private static final Set<Class<? extends Annotation>> WEB = Set.of(RequestMapping.class, HttpExchange.class,
			ExceptionHandler.class, ModelAttribute.class, InitBinder.class);

	/** An error is answered within the call that failed. */
	private static final Set<String> ERROR_HANDLERS = Set.of(
			"org.springframework.graphql.data.method.annotation.GraphQlExceptionHandler",
			"org.springframework.messaging.handler.annotation.MessageExceptionHandler");

	private final transient Supplier<MeteredMethods> methods;

	/**
	 * Create an advisor.
	 * @param methods knows which methods are metered; not asked before the first bean
	 * that may have one
	 * @param interceptor meters them
	 */
	public MeteredMethodAdvisor(Supplier<MeteredMethods> methods, Advice interceptor) {
		super(interceptor);
		this.methods = methods;
	}

	@Override
	public boolean matches(Method method, Class<?> targetClass) {
		Method specific = AopUtils.getMostSpecificMethod(method, targetClass);
		boolean matches = (isAnnotated(specific) || isAnnotated(targetClass)) && isCalledFromOutside(specific)
				&& !isOfTheWeb(specific, targetClass)
				&& this.methods.get().of(targetClass, specific).operation() != null;
		if (matches) {
			MethodResult.verify(specific);
		}
		return matches;
	}

	/** Reading all declarations of all beans would keep them all in memory. */
	private static boolean isAnnotated(AnnotatedElement element) {
		return annotations(element).isPresent(ThreeScaleMetered.class);
	}

	private static boolean isCalledFromOutside(Method method) {
		return !Modifier.isPrivate(method.getModifiers()) && !Modifier.isStatic(method.getModifiers())
				&& !ReflectionUtils.isObjectMethod(method);
	}

	private static boolean isOfTheWeb(Method method, Class<?> type) {
		MergedAnnotations annotations = annotations(method);
		return ERROR_HANDLERS.stream().anyMatch(annotations::isPresent)
				|| (AnnotatedElementUtils.hasAnnotation(type, Controller.class)
						&& WEB.stream().anyMatch(annotations::isPresent));
	}

	private static MergedAnnotations annotations(AnnotatedElement element) {
		return MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY);
	}

}

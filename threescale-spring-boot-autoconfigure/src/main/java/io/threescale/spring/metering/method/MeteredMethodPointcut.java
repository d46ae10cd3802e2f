package io.threescale.spring.metering.method;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.function.Supplier;

import io.threescale.spring.metering.MeteredMethods;
import io.threescale.spring.metering.ThreeScaleMetered;

import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.stereotype.Controller;

/**
 * Matches metered methods, but for those of controllers, which are metered as handlers.
 */
final class MeteredMethodPointcut extends StaticMethodMatcherPointcut {

	private final Supplier<MeteredMethods> methods;

	MeteredMethodPointcut(Supplier<MeteredMethods> methods) {
		this.methods = methods;
		setClassFilter((type) -> !AnnotatedElementUtils.hasAnnotation(type, Controller.class));
	}

	@Override
	public boolean matches(Method method, Class<?> targetClass) {
		return (isAnnotated(method) || isAnnotated(targetClass))
				&& this.methods.get().of(targetClass, method).operation() != null;
	}

	/** Reading all declarations of all beans would keep them all in memory. */
	private static boolean isAnnotated(AnnotatedElement element) {
		return MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY).isPresent(ThreeScaleMetered.class);
	}

}

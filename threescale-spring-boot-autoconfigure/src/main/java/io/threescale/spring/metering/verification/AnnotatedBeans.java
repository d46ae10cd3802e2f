package io.threescale.spring.metering.verification;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.ThreeScaleUnmetered;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.Pointcut;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils.MethodFilter;

/**
 * Finds {@link ThreeScaleMetered} and {@link ThreeScaleUnmetered} on beans, where the
 * advisor reads them and where nobody does: a bean is made for nothing else than its type
 * is known for.
 *
 * @param beans the beans of the application
 * @param advisor meters methods that are no handlers, or {@code null} if none does
 * @since 0.1.0
 */
public record AnnotatedBeans(ConfigurableListableBeanFactory beans, @Nullable PointcutAdvisor advisor) {

	/** Without the return type, which a bridge has another of. */
	private record Signature(Class<?> type, String name, List<Class<?>> parameters) {

		private static Signature of(Class<?> type, Method method) {
			return new Signature(ClassUtils.getUserClass(type), method.getName(), List.of(method.getParameterTypes()));
		}

	}

	/**
	 * Find the annotations that nobody reads.
	 * @param handlers the handlers that are controller methods, and others
	 * @return sentences that name class or method and the reason
	 */
	List<String> unread(List<ServedHandler> handlers) {
		Set<Signature> read = handlers.stream()
			.flatMap((handler) -> Stream.ofNullable(handler.method()))
			.map((handler) -> Signature.of(handler.getBeanType(), handler.getMethod()))
			.collect(Collectors.toSet());
		List<String> unread = new ArrayList<>();
		types().forEach((bean, type) -> unread(bean, type, read).forEach(unread::add));
		return unread;
	}

	/**
	 * List the metrics that annotations name which the advisor reads.
	 * @param inventory reads them
	 */
	Stream<DeclaredUsage> usages(MeteringInventory inventory) {
		PointcutAdvisor advisor = this.advisor;
		return (advisor == null) ? Stream.empty()
				: types().values()
					.stream()
					.distinct()
					.flatMap((type) -> usages(type, advisor.getPointcut(), inventory));
	}

	private static Stream<DeclaredUsage> usages(Class<?> type, Pointcut pointcut, MeteringInventory inventory) {
		return pointcut.getClassFilter().matches(type) ? MethodIntrospector
			.selectMethods(type, (MethodFilter) (method) -> pointcut.getMethodMatcher().matches(method, type))
			.stream()
			.flatMap((method) -> Stream.ofNullable(inventory.declaration(type, method).operation())
				.map((operation) -> DeclaredUsage.of(name(type, method), operation))) : Stream.empty();
	}

	private Map<String, Class<?>> types() {
		Map<String, Class<?>> types = new LinkedHashMap<>();
		for (String bean : this.beans.getBeanDefinitionNames()) {
			Class<?> type = AutoProxyUtils.determineTargetClass(this.beans, bean);
			if (type != null && !type.getName().startsWith("org.springframework.")) {
				types.put(bean, ClassUtils.getUserClass(type));
			}
		}
		return types;
	}

	private Stream<String> unread(String bean, Class<?> type, Set<Signature> read) {
		Stream<String> methods = MethodIntrospector.selectMethods(type, (MethodFilter) AnnotatedBeans::isAnnotated)
			.stream()
			.flatMap((method) -> obstacle(bean, type, method, read)
				.map((obstacle) -> sentence(method, name(type, method), obstacle)));
		return isAnnotated(type) ? Stream
			.concat(obstacle(bean, type, read).map((obstacle) -> sentence(type, type.getName(), obstacle)), methods)
				: methods;
	}

	/** An annotation of a class is read if it is for one of its methods. */
	private Stream<String> obstacle(String bean, Class<?> type, Set<Signature> read) {
		if (read.stream().anyMatch((handler) -> handler.type().equals(type))) {
			return Stream.empty();
		}
		List<List<String>> obstacles = MethodIntrospector
			.selectMethods(type, (MethodFilter) (method) -> Modifier.isPublic(method.getModifiers()))
			.stream()
			.map((method) -> obstacle(bean, type, method, read).toList())
			.toList();
		if (obstacles.stream().anyMatch(List::isEmpty)) {
			return Stream.empty();
		}
		return Stream.of(obstacles.isEmpty() ? "it has no public method" : obstacles.get(0).get(0));
	}

	/**
	 * Tell why neither a handler nor the advisor reads the annotation of a method, or
	 * nothing if one does.
	 */
	private Stream<String> obstacle(String bean, Class<?> type, Method method, Set<Signature> read) {
		if (read.contains(Signature.of(type, method))) {
			return Stream.empty();
		}
		if (this.advisor == null) {
			return Stream.of("it handles no web requests, and 'threescale.advisor.enabled' is not set");
		}
		if (Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers())
				|| Modifier.isFinal(method.getModifiers())) {
			return Stream.of("it handles no web requests, and no proxy intercepts a method that is private, static or "
					+ "final");
		}
		if (!this.advisor.getPointcut().getClassFilter().matches(type)) {
			return Stream.of("it handles no web requests, and methods of controllers are metered as handlers only");
		}
		return (!this.advisor.getPointcut().getMethodMatcher().matches(method, type)
				|| isIntercepted(this.beans.getSingleton(bean), method)) ? Stream.empty()
						: Stream.of("it handles no web requests, and no proxy of its bean intercepts it");
	}

	/** A bean that is not made yet will have a proxy. */
	private boolean isIntercepted(@Nullable Object bean, Method method) {
		if (bean == null || bean instanceof FactoryBean) {
			return true;
		}
		return bean instanceof Advised advised && List.of(advised.getAdvisors()).contains(this.advisor)
				&& (advised.isProxyTargetClass() || Stream.of(advised.getProxiedInterfaces())
					.anyMatch((type) -> ClassUtils.hasMethod(type, method.getName(), method.getParameterTypes())));
	}

	private static boolean isMetered(AnnotatedElement element) {
		return MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY).isPresent(ThreeScaleMetered.class);
	}

	private static boolean isAnnotated(AnnotatedElement element) {
		MergedAnnotations annotations = MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY);
		return annotations.isPresent(ThreeScaleMetered.class) || annotations.isPresent(ThreeScaleUnmetered.class);
	}

	private static String sentence(AnnotatedElement element, String name, String obstacle) {
		return (isMetered(element) ? "@ThreeScaleMetered" : "@ThreeScaleUnmetered") + " on " + name + " has no effect: "
				+ obstacle + ".";
	}

	static String name(Class<?> type, Method method) {
		return ClassUtils.getUserClass(type).getName() + "." + method.getName()
				+ Stream.of(method.getParameterTypes())
					.map(Class::getSimpleName)
					.collect(Collectors.joining(", ", "(", ")"));
	}
}

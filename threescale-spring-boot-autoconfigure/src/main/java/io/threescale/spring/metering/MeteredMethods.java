package io.threescale.spring.metering;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.core.BridgeMethodResolver;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringValueResolver;
import org.springframework.web.method.HandlerMethod;

/**
 * Reads {@link ThreeScaleMetered} and {@link ThreeScaleUnmetered}, once a method: what
 * stands nearest to the method counts.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class MeteredMethods {

	private final AnnotatedOperation annotatedOperation;

	private final Map<Handler, Declaration> declarations = new ConcurrentHashMap<>();

	/**
	 * Create a reader.
	 * @param placeholders resolves <code>${…}</code>
	 * @param chargeOn when calls are charged whose annotation does not say
	 * @param services the names of the services there are beside the default one
	 */
	public MeteredMethods(StringValueResolver placeholders, ChargeOn chargeOn, Set<String> services) {
		this.annotatedOperation = new AnnotatedOperation(placeholders, chargeOn, services);
	}

	/**
	 * Where something is declared.
	 */
	public enum Origin {

		/** On the method, or on one it overrides. */
		METHOD,

		/** On the class, or on a type above it. */
		CLASS,

		/** Nowhere. */
		NONE

	}

	/**
	 * What is declared about the calls of a method.
	 *
	 * @param origin where it is declared
	 * @param operation what they use, or {@code null} if they are not metered
	 */
	public record Declaration(Origin origin, @Nullable MeteredOperation operation) {

		/** Nothing is declared. */
		public static final Declaration NONE = new Declaration(Origin.NONE, null);

		/**
		 * Tell whether anything is declared.
		 * @return whether it is, metered or unmetered
		 */
		public boolean isExplicit() {
			return this.origin != Origin.NONE;
		}

	}

	/**
	 * A method without its bean, of which each request may have another.
	 */
	private record Handler(Class<?> type, Method method) {
	}

	/**
	 * Read what is declared about the calls of a handler. What the class says counts,
	 * whatever proxies are around it.
	 * @param handler the handler, with its bean or the name of that
	 * @return the declaration
	 * @throws InvalidMeteringException if what is declared makes no sense
	 */
	public Declaration of(HandlerMethod handler) {
		Class<?> type = handler.getBeanType();
		if (handler.getBean() instanceof String && Proxy.isProxyClass(type)) {
			return of(handler.createWithResolvedBean());
		}
		return of((handler.getBean() instanceof String) ? type : targetClass(handler.getBean()), handler.getMethod());
	}

	/**
	 * Find the class behind proxies, of which one may stand for a bean of another scope
	 * that is a proxy itself.
	 */
	private static Class<?> targetClass(Object bean) {
		@Nullable Object candidate = bean;
		Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
		while (Proxy.isProxyClass(type) && candidate instanceof Advised advised) {
			candidate = target(advised);
			if (candidate != null) {
				type = AopProxyUtils.ultimateTargetClass(candidate);
			}
		}
		return type;
	}

	private static @Nullable Object target(Advised advised) {
		try {
			return advised.getTargetSource().getTarget();
		}
		catch (Exception ex) {
			// It belongs to a scope that is not active, as at start
			return null;
		}
	}

	/**
	 * Read what is declared about the calls of a method.
	 * @param type the class of the bean, without proxies
	 * @param method the method, of the class or of an interface
	 * @return the declaration
	 * @throws InvalidMeteringException if what is declared makes no sense
	 */
	public Declaration of(Class<?> type, Method method) {
		return this.declarations.computeIfAbsent(new Handler(type, method), this::read);
	}

	private Declaration read(Handler handler) {
		Class<?> type = ClassUtils.getUserClass(handler.type());
		Method method = BridgeMethodResolver.getMostSpecificMethod(handler.method(), type);
		Origin origin = Origin.METHOD;
		List<MergedAnnotation<ThreeScaleMetered>> metered = nearest(method, method);
		if (metered == null) {
			origin = Origin.CLASS;
			metered = nearest(method, type);
		}
		if (metered == null) {
			return Declaration.NONE;
		}
		if (metered.isEmpty()) {
			return new Declaration(origin, null);
		}
		String name = type.getSimpleName() + "." + method.getName();
		return new Declaration(origin, this.annotatedOperation.of(name, method, metered));
	}

	/**
	 * Return the annotations that stand nearest to an element: none if it is unmetered,
	 * {@code null} if nothing is said about it.
	 */
	private static @Nullable List<MergedAnnotation<ThreeScaleMetered>> nearest(Method method,
			AnnotatedElement element) {
		MergedAnnotations annotations = MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY);
		List<MergedAnnotation<ThreeScaleMetered>> metered = annotations.stream(ThreeScaleMetered.class).toList();
		int unmetered = annotations.stream(ThreeScaleUnmetered.class)
			.mapToInt(MergedAnnotation::getAggregateIndex)
			.findFirst()
			.orElse(Integer.MAX_VALUE);
		if (metered.isEmpty()) {
			return (unmetered != Integer.MAX_VALUE) ? List.of() : null;
		}
		int distance = metered.get(0).getAggregateIndex();
		if (unmetered == distance) {
			throw new InvalidMeteringException(method,
					"@ThreeScaleMetered and @ThreeScaleUnmetered contradict each other");
		}
		if (unmetered < distance) {
			return List.of();
		}
		return metered.stream().filter((annotation) -> annotation.getAggregateIndex() == distance).toList();
	}

}

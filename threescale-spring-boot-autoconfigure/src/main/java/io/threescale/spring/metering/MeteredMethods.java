package io.threescale.spring.metering;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringValueResolver;

/**
 * Reads {@link ThreeScaleMetered} and {@link ThreeScaleUnmetered}, once a method: what
 * stands nearest to the method counts.
 *
 * @since 0.1.0
 */
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
	 * What is declared about the calls of a method.
	 *
	 * @param isExplicit whether anything is
	 * @param operation what they use, or {@code null} if they are not metered
	 */
	public record Declaration(boolean isExplicit, @Nullable MeteredOperation operation) {
	}

	/**
	 * A method without its bean, of which each request may have another.
	 */
	private record Handler(Class<?> type, Method method) {
	}

	/**
	 * Read what is declared about the calls of a method.
	 * @param type the type of the bean
	 * @param method the method
	 * @return the declaration
	 * @throws InvalidMeteringException if what is declared makes no sense
	 */
	public Declaration of(Class<?> type, Method method) {
		return this.declarations.computeIfAbsent(new Handler(type, method), this::read);
	}

	private Declaration read(Handler handler) {
		Class<?> type = ClassUtils.getUserClass(handler.type());
		List<MergedAnnotation<ThreeScaleMetered>> metered = nearest(handler, handler.method());
		if (metered == null) {
			metered = nearest(handler, type);
		}
		if (metered == null || metered.isEmpty()) {
			return new Declaration(metered != null, null);
		}
		String name = type.getSimpleName() + "." + handler.method().getName();
		return new Declaration(true, this.annotatedOperation.of(name, handler.method(), metered));
	}

	/**
	 * Return the annotations that stand nearest to an element: none if it is unmetered,
	 * {@code null} if nothing is said about it.
	 */
	private static @Nullable List<MergedAnnotation<ThreeScaleMetered>> nearest(Handler handler,
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
			throw new InvalidMeteringException(handler.method(),
					"@ThreeScaleMetered and @ThreeScaleUnmetered contradict each other");
		}
		if (unmetered < distance) {
			return List.of();
		}
		return metered.stream().filter((annotation) -> annotation.getAggregateIndex() == distance).toList();
	}

}

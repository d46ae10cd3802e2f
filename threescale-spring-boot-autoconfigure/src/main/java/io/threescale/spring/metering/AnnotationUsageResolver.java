package io.threescale.spring.metering;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringValueResolver;
import org.springframework.web.method.HandlerMethod;

/**
 * Reads the annotations of a handler, once: what stands nearest to the method counts.
 */
final class AnnotationUsageResolver implements UsageResolver {

	private final AnnotatedUsage annotatedUsage;

	private final Map<Handler, Optional<MeteredOperation>> operations = new ConcurrentHashMap<>();

	AnnotationUsageResolver(StringValueResolver placeholders) {
		this.annotatedUsage = new AnnotatedUsage(placeholders);
	}

	/**
	 * A handler without its bean, of which each request may have another.
	 */
	private record Handler(Class<?> type, Method method) {
	}

	@Override
	public @Nullable MeteredOperation resolve(HandlerMethod handler) {
		return this.operations.computeIfAbsent(new Handler(handler.getBeanType(), handler.getMethod()), this::read)
			.orElse(null);
	}

	private Optional<MeteredOperation> read(Handler handler) {
		Class<?> type = ClassUtils.getUserClass(handler.type());
		List<MergedAnnotation<ThreeScaleMetered>> metered = nearest(handler, handler.method());
		if (metered == null) {
			metered = nearest(handler, type);
		}
		if (metered == null || metered.isEmpty()) {
			return Optional.empty();
		}
		String name = type.getSimpleName() + "." + handler.method().getName();
		return Optional.of(new MeteredOperation(name, this.annotatedUsage.of(handler.method(), metered)));
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

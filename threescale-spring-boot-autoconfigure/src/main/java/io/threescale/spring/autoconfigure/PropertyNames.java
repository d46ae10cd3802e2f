package io.threescale.spring.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import io.threescale.spring.Usage;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.ResolvableType;

/**
 * The names of the properties that are bound to a type. They are read from the records
 * themselves: the metadata that is generated from these lacks the elements of lists and
 * maps, and a host may repackage our jar without it.
 *
 * @param type a record, annotated with {@link ConfigurationProperties}
 */
record PropertyNames(Class<?> type) {

	/** All there are. */
	static final List<PropertyNames> ALL = Stream
		.of(ThreeScaleProperties.class, ThreeScaleAiProperties.class, ThreeScaleFleetProperties.class,
				ThreeScaleLintProperties.class, ThreeScaleRulesProperties.class, ThreeScalePredictionProperties.class,
				ThreeScaleReportingProperties.class, ThreeScaleSandboxProperties.class)
		.map(PropertyNames::new)
		.toList();

	/**
	 * List the names. An element of a list is {@code []}, a key of a map is {@code *}.
	 */
	Stream<String> list() {
		return list(prefix(), ResolvableType.forClass(this.type), List.of());
	}

	private static Stream<String> list(String name, ResolvableType type, List<Class<?>> outer) {
		Class<?> raw = type.toClass();
		ResolvableType element = element(type);
		if (isGroup(raw)) {
			List<Class<?>> within = Stream.concat(outer.stream(), Stream.of(raw)).toList();
			return Arrays.stream(raw.getRecordComponents())
				.flatMap((component) -> list(name + "." + DataObjectPropertyName.toDashedForm(component.getName()),
						type(component), within));
		}
		return (isGroup(element.toClass()) && !outer.contains(element.toClass()))
				? list(name + (isMap(type) ? ".*" : "[]"), element, outer) : Stream.of(name);
	}

	/**
	 * Tell whether a property is bound, or is part of one that is. What cannot be
	 * converted is not told here, as the binder does.
	 */
	boolean contains(ConfigurationPropertyName name) {
		ConfigurationPropertyName prefix = ConfigurationPropertyName.of(prefix());
		return prefix.isAncestorOf(name)
				&& contains(ResolvableType.forClass(this.type), name, prefix.getNumberOfElements());
	}

	private static boolean contains(ResolvableType type, ConfigurationPropertyName name, int index) {
		Class<?> raw = type.toClass();
		if (index == name.getNumberOfElements()) {
			return !isGroup(raw);
		}
		if (isGroup(raw)) {
			return Arrays.stream(raw.getRecordComponents())
				.anyMatch((component) -> component.getName()
					.toLowerCase(Locale.ROOT)
					.equals(name.getElement(index, Form.UNIFORM)) && contains(type(component), name, index + 1));
		}
		ResolvableType element = element(type);
		if (isMap(type) ? !isGroup(element.toClass()) : !name.isNumericIndex(index)) {
			return isMap(type);
		}
		return element != ResolvableType.NONE
				&& (isLastOfList(type, name, index) || contains(element, name, index + 1));
	}

	/**
	 * Tell whether properties are bound below a name.
	 */
	boolean containsGroup(ConfigurationPropertyName name) {
		return list().map((property) -> property.replaceFirst("(\\[]|\\.\\*).*", ""))
			.map(ConfigurationPropertyName::of)
			.anyMatch(name::isAncestorOf);
	}

	private String prefix() {
		return this.type.getAnnotation(ConfigurationProperties.class).value();
	}

	private static ResolvableType type(RecordComponent component) {
		return ResolvableType.forType(component.getGenericType());
	}

	private static ResolvableType element(ResolvableType type) {
		return isMap(type) ? type.asMap().getGeneric(1) : type.as(Collection.class).getGeneric();
	}

	/** An element may be converted from text, as a metric of the sandbox is. */
	private static boolean isLastOfList(ResolvableType type, ConfigurationPropertyName name, int index) {
		return !isMap(type) && index + 1 == name.getNumberOfElements();
	}

	/** The vocabulary has records that are values. */
	private static boolean isGroup(Class<?> type) {
		return type.isRecord() && !type.getPackage().equals(Usage.class.getPackage());
	}

	private static boolean isMap(ResolvableType type) {
		return Map.class.isAssignableFrom(type.toClass());
	}

}

package io.threescale.spring.sandbox;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What the records that describe a world share: absent collections are empty, order is
 * kept, and what is missing is named together with the cure.
 */
final class Described {

	private Described() {
	}

	static String required(@Nullable String value, String cure) {
		if (value == null || value.isBlank()) {
			throw new IllegalArgumentException(cure);
		}
		return value;
	}

	static <T> List<T> listOf(@Nullable List<T> values) {
		return (values != null) ? List.copyOf(values) : List.of();
	}

	static <T> Map<String, T> mapOf(@Nullable Map<String, T> values) {
		return (values != null) ? Collections.unmodifiableMap(new LinkedHashMap<>(values)) : Map.of();
	}

	static <T> Map<String, T> with(Map<String, T> values, String name, T value) {
		Map<String, T> extended = new LinkedHashMap<>(values);
		extended.put(name, value);
		return extended;
	}

	static <T> List<T> with(List<T> values, T value) {
		return Stream.concat(values.stream(), Stream.of(value)).toList();
	}

}

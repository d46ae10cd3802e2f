package io.threescale.spring.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The parameters of a call: texts, {@code null}s, lists and nested maps, the way Rack
 * reads them out of brackets.
 */
final class Parameters {

	// What Ruby strips, which is more than blanks and less than what Java does.
	private static final Pattern STRIPPED = Pattern.compile("^[\\x00\\t\\n\\x0b\\f\\r ]+|[\\x00\\t\\n\\x0b\\f\\r ]+$");

	private final Map<String, @Nullable Object> values;

	Parameters(Map<String, @Nullable Object> values) {
		this.values = values;
	}

	static String strip(String text) {
		return STRIPPED.matcher(text).replaceAll("");
	}

	/** The value of a name that has text, blank or not. */
	@Nullable String text(String name) {
		return (this.values.get(name) instanceof String text) ? text : null;
	}

	/** The value of a name that has more than blanks, untouched. */
	@Nullable String present(String name) {
		String text = text(name);
		return (text == null || strip(text).isEmpty()) ? null : text;
	}

	boolean has(String name) {
		return this.values.containsKey(name);
	}

	@Nullable Object value(String name) {
		return this.values.get(name);
	}

	/** The map below a name; empty if there is none. */
	Parameters nested(String name) {
		return of(this.values.get(name));
	}

	@SuppressWarnings("unchecked")
	static Parameters of(@Nullable Object value) {
		return new Parameters((value instanceof Map<?, ?> map) ? (Map<String, @Nullable Object>) map : Map.of());
	}

	Map<String, @Nullable Object> all() {
		return this.values;
	}

	Parameters and(Parameters others) {
		Map<String, @Nullable Object> merged = new LinkedHashMap<>(this.values);
		merged.putAll(others.values);
		return new Parameters(merged);
	}

	boolean anyMatch(Predicate<String> test) {
		return anyMatch(this.values, test);
	}

	private static boolean anyMatch(@Nullable Object value, Predicate<String> test) {
		if (value instanceof String text) {
			return test.test(text);
		}
		if (value instanceof List<?> list) {
			return list.stream().anyMatch((item) -> anyMatch(item, test));
		}
		if (value instanceof Map<?, ?> map) {
			return map.entrySet()
				.stream()
				.anyMatch((entry) -> anyMatch(entry.getKey(), test) || anyMatch(entry.getValue(), test));
		}
		return false;
	}

}

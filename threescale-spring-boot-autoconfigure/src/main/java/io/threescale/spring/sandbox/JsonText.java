package io.threescale.spring.sandbox;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Writes records, maps, lists, texts, numbers and booleans as JSON. The application need
 * not have a mapper.
 */
final class JsonText {

	private JsonText() {
	}

	static String of(@Nullable Object value) {
		if (value instanceof Record state) {
			return of(components(state));
		}
		if (value instanceof Map<?, ?> map) {
			return map.entrySet()
				.stream()
				.map((entry) -> quoted(String.valueOf(entry.getKey())) + ":" + of(entry.getValue()))
				.collect(Collectors.joining(",", "{", "}"));
		}
		if (value instanceof List<?> list) {
			return list.stream().map(JsonText::of).collect(Collectors.joining(",", "[", "]"));
		}
		return (value instanceof String text) ? quoted(text) : String.valueOf(value);
	}

	private static Map<String, @Nullable Object> components(Record state) {
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		try {
			for (RecordComponent component : state.getClass().getRecordComponents()) {
				values.put(component.getName(), component.getAccessor().invoke(state));
			}
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
		return values;
	}

	private static String quoted(String text) {
		StringBuilder json = new StringBuilder("\"");
		for (char c : text.toCharArray()) {
			if (c == '"' || c == '\\') {
				json.append('\\').append(c);
			}
			else if (c < ' ') {
				json.append("\\u%04x".formatted((int) c));
			}
			else {
				json.append(c);
			}
		}
		return json.append('"').toString();
	}

}

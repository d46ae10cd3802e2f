package io.threescale.spring.sandbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Puts a value where the brackets of its name say: {@code a[b]} into a map, {@code a[]}
 * into a list, {@code a[][b]} into a map in a list. A bracket at the very start belongs
 * to the name.
 */
final class ParameterNesting {

	private static final int MAX_DEPTH = 32;

	private ParameterNesting() {
	}

	static void put(Map<String, @Nullable Object> values, String name, @Nullable String value) {
		int bracket = name.indexOf('[', 1);
		if (bracket < 0) {
			putPlain(values, name, value);
		}
		else {
			put(values, name.substring(0, bracket), name.substring(bracket), value, 0);
		}
	}

	private static void putBelow(Map<String, @Nullable Object> values, String brackets, @Nullable String value,
			int depth) {
		if (depth >= MAX_DEPTH) {
			throw Refusal.unreadable("Rack::QueryParser::QueryLimitError");
		}
		int end = brackets.startsWith("[") ? brackets.indexOf(']', 1) : -1;
		if (end < 0) {
			putPlain(values, brackets, value);
		}
		else {
			put(values, brackets.substring(1, end), brackets.substring(end + 1), value, depth);
		}
	}

	private static void put(Map<String, @Nullable Object> values, String key, String rest, @Nullable String value,
			int depth) {
		if (rest.isEmpty()) {
			putPlain(values, key, value);
		}
		else if (rest.equals("[")) {
			putPlain(values, key + rest, value);
		}
		else if (rest.startsWith("[]")) {
			append(list(values, key), rest.substring(2), value, depth);
		}
		else if (!key.isEmpty()) {
			putBelow(map(values, key), rest, value, depth + 1);
		}
	}

	private static void append(List<@Nullable Object> list, String rest, @Nullable String value, int depth) {
		if (rest.isEmpty()) {
			list.add(value);
			return;
		}
		Object last = list.isEmpty() ? null : list.get(list.size() - 1);
		String key = rest.matches("\\[[^\\[\\]]+]") ? rest.substring(1, rest.length() - 1) : rest;
		Parameters previous = Parameters.of(last);
		if (last instanceof Map && !previous.has(key)) {
			putBelow(previous.all(), rest, value, depth + 1);
		}
		else {
			Map<String, @Nullable Object> element = new LinkedHashMap<>();
			list.add(element);
			putBelow(element, rest, value, depth + 1);
		}
	}

	private static void putPlain(Map<String, @Nullable Object> values, String key, @Nullable String value) {
		if (!key.isEmpty()) {
			values.put(key, value);
		}
	}

	@SuppressWarnings("unchecked")
	private static Map<String, @Nullable Object> map(Map<String, @Nullable Object> values, String key) {
		Object current = values.get(key);
		if (current == null) {
			current = new LinkedHashMap<String, @Nullable Object>();
			values.put(key, current);
		}
		if (current instanceof Map<?, ?> map) {
			return (Map<String, @Nullable Object>) map;
		}
		throw mismatch("Hash", current, key);
	}

	@SuppressWarnings("unchecked")
	private static List<@Nullable Object> list(Map<String, @Nullable Object> values, String key) {
		Object current = values.get(key);
		if (current == null) {
			current = new ArrayList<@Nullable Object>();
			values.put(key, current);
		}
		if (current instanceof List<?> list) {
			return (List<@Nullable Object>) list;
		}
		throw mismatch("Array", current, key);
	}

	// The backend answers the two mismatches from different layers.
	private static RuntimeException mismatch(String expected, Object current, String key) {
		if (!(current instanceof String)) {
			return Refusal.unreadable("request contains syntax errors, should not be repeated without modification");
		}
		return Halt.badRequest("Invalid query parameters: expected " + expected + " (got String) for param `"
				+ StatusXml.text(key) + "&amp;#39;");
	}

}

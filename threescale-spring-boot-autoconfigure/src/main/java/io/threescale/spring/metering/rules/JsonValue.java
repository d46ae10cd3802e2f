package io.threescale.spring.metering.rules;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * A value of a JSON document. It is read without a mapper, as the application need not
 * have one.
 *
 * @param value a map, a list, a string, a number, a boolean, or {@code null} if there is
 * none
 */
record JsonValue(@Nullable Object value) {

	private static final JsonFactory JSON = new JsonFactory();

	private static final JsonValue NONE = new JsonValue(null);

	/**
	 * Read a document, which may be empty.
	 * @throws tools.jackson.core.JacksonException if it is not JSON
	 */
	static JsonValue read(InputStream in) {
		try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), in)) {
			JsonValue document = (json.nextToken() != null) ? value(json) : NONE;
			if (json.nextToken() != null) {
				throw new StreamReadException(json, "There is more than one value");
			}
			return document;
		}
	}

	private static JsonValue value(JsonParser json) {
		return switch (json.currentToken()) {
			case START_OBJECT -> object(json);
			case START_ARRAY -> array(json);
			case VALUE_STRING -> new JsonValue(json.getString());
			case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonValue(json.getNumberValue());
			case VALUE_TRUE -> new JsonValue(true);
			case VALUE_FALSE -> new JsonValue(false);
			default -> NONE;
		};
	}

	private static JsonValue object(JsonParser json) {
		Map<String, JsonValue> object = new LinkedHashMap<>();
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			json.nextToken();
			object.put(name, value(json));
		}
		return new JsonValue(object);
	}

	private static JsonValue array(JsonParser json) {
		List<JsonValue> array = new ArrayList<>();
		while (json.nextToken() != JsonToken.END_ARRAY) {
			array.add(value(json));
		}
		return new JsonValue(array);
	}

	boolean isObject() {
		return this.value instanceof Map;
	}

	/**
	 * Return a member of this object, which is a value without value if there is none.
	 */
	JsonValue get(String name) {
		return members().getOrDefault(name, NONE);
	}

	/**
	 * Return the members of this object, none if it is another value.
	 */
	@SuppressWarnings("unchecked")
	Map<String, JsonValue> members() {
		return (this.value instanceof Map) ? (Map<String, JsonValue>) this.value : Map.of();
	}

	/**
	 * Return the elements of this array, none if it is another value.
	 */
	@SuppressWarnings("unchecked")
	List<JsonValue> elements() {
		return (this.value instanceof List) ? (List<JsonValue>) this.value : List.of();
	}

	/**
	 * Return this string, number or boolean as text, an empty one for other values.
	 */
	String text() {
		return (this.value instanceof Map || this.value instanceof List) ? "" : Objects.toString(this.value, "");
	}

}

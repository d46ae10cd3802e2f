package io.threescale.spring.metering.rules;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The query of a URL, read when a rule asks for it. The last value of a parameter counts,
 * as at APIcast. The form in a body is no part of it: reading that would use it up.
 */
final class Query {

	private static final Pattern VARIABLE = Pattern.compile("\\{[-\\w]+}");

	private final Supplier<@Nullable String> query;

	private @Nullable Map<String, @Nullable String> values;

	Query(Supplier<@Nullable String> query) {
		this.query = query;
	}

	boolean meets(Map<String, String> conditions) {
		return conditions.entrySet().stream().allMatch((condition) -> meets(condition.getKey(), condition.getValue()));
	}

	private boolean meets(String name, String expected) {
		Map<String, @Nullable String> values = values();
		return VARIABLE.matcher(expected).find() ? values.containsKey(name) : expected.equals(values.get(name));
	}

	private Map<String, @Nullable String> values() {
		if (this.values == null) {
			Map<String, @Nullable String> values = new HashMap<>();
			for (String parameter : StringUtils.delimitedListToStringArray(this.query.get(), "&")) {
				String[] pair = parameter.split("=", 2);
				values.put(decoded(pair[0]), (pair.length == 2) ? decoded(pair[1]) : null);
			}
			this.values = values;
		}
		return this.values;
	}

	private static String decoded(String value) {
		try {
			return StringUtils.uriDecode(value.replace('+', ' '), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return value;
		}
	}

}

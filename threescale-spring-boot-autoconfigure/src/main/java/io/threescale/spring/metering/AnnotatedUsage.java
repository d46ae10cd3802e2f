package io.threescale.spring.metering;

import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.threescale.spring.Usage;

import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.util.StringValueResolver;

/**
 * Adds up the usage that annotations declare, and refuses what makes no sense.
 */
record AnnotatedUsage(StringValueResolver placeholders) {

	Usage of(Method method, List<MergedAnnotation<ThreeScaleMetered>> annotations) {
		Map<String, Long> increments = new LinkedHashMap<>();
		try {
			for (MergedAnnotation<ThreeScaleMetered> annotation : annotations) {
				add(annotation, increments);
			}
			return Usage.of(increments);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidMeteringException(method, String.valueOf(ex.getMessage()));
		}
	}

	private void add(MergedAnnotation<ThreeScaleMetered> annotation, Map<String, Long> increments) {
		String[] usage = annotation.getStringArray("usage");
		if (usage.length == 0) {
			add(resolve(annotation.getString("metric")), annotation.getLong("delta"), increments);
			return;
		}
		if (annotation.hasNonDefaultValue("metric") || annotation.hasNonDefaultValue("delta")) {
			throw new IllegalArgumentException("'usage' stands instead of 'metric' and 'delta', not beside them");
		}
		for (String entry : usage) {
			add(resolve(entry), increments);
		}
	}

	private void add(String entry, Map<String, Long> increments) {
		int equals = entry.lastIndexOf('=');
		if (equals < 0) {
			throw new IllegalArgumentException("'" + entry + "' in 'usage' must read 'metric=units'");
		}
		try {
			add(entry.substring(0, equals).trim(), Long.parseLong(entry.substring(equals + 1).trim()), increments);
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("'" + entry + "' in 'usage' must end with a whole number", ex);
		}
	}

	private static void add(String metric, long units, Map<String, Long> increments) {
		if (units < 1) {
			throw new IllegalArgumentException("Metric '" + metric + "' must be used by 1 unit or more, not " + units);
		}
		if (increments.putIfAbsent(metric, units) != null) {
			throw new IllegalArgumentException("Metric '" + metric + "' is named twice");
		}
	}

	private String resolve(String text) {
		String resolved = this.placeholders.resolveStringValue(text);
		return (resolved != null) ? resolved : "";
	}

}

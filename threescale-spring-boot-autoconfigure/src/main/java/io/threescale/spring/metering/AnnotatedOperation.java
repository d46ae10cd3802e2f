package io.threescale.spring.metering;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.threescale.spring.Usage;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/**
 * Makes one operation of the annotations that declare it, and refuses what makes no
 * sense.
 */
record AnnotatedOperation(StringValueResolver placeholders, ChargeOn standard, Set<String> services) {

	MeteredOperation of(String name, Method method, List<MergedAnnotation<ThreeScaleMetered>> annotations) {
		try {
			Map<String, Long> increments = new LinkedHashMap<>();
			List<Measure> measures = new ArrayList<>();
			for (MergedAnnotation<ThreeScaleMetered> annotation : annotations) {
				add(annotation, increments);
				addMeasure(annotation, measures);
			}
			boolean known = measures.isEmpty() && !List.of(method.getParameterTypes()).contains(MeteredCall.class);
			return new MeteredOperation(name, service(text("service", annotations)), Usage.of(increments),
					chargeOn(text("chargeOn", annotations), known), measures, enforcement(annotations));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidMeteringException(method, String.valueOf(ex.getMessage()));
		}
	}

	private @Nullable String service(@Nullable String name) {
		if (name != null && !name.equals(MeteredServices.DEFAULT) && !this.services.contains(name)) {
			throw new IllegalArgumentException(
					"There is no service '" + name + "' under 'threescale.services', which has " + this.services);
		}
		return name;
	}

	/**
	 * What is known only when a call is done cannot be charged before.
	 */
	private ChargeOn chargeOn(@Nullable String text, boolean known) {
		ChargeOn chargeOn = (text != null) ? ChargeOn.of(text) : this.standard;
		if (known || !chargeOn.isAdmission()) {
			return chargeOn;
		}
		if (text != null) {
			throw new IllegalArgumentException(
					"'chargeOn' is 'admission', but what a call uses is known only when it is done");
		}
		return ChargeOn.COMPLETION;
	}

	private static Enforcement enforcement(List<MergedAnnotation<ThreeScaleMetered>> annotations) {
		return Enforcement.of(annotations.stream().allMatch((annotation) -> annotation.getBoolean("enforce")),
				annotations.stream().anyMatch((annotation) -> annotation.getBoolean("softLimit")));
	}

	private @Nullable String text(String attribute, List<MergedAnnotation<ThreeScaleMetered>> annotations) {
		List<String> texts = annotations.stream()
			.map((annotation) -> resolve(annotation.getString(attribute)))
			.filter(StringUtils::hasText)
			.distinct()
			.toList();
		if (texts.size() > 1) {
			throw new IllegalArgumentException("'" + attribute + "' is given twice, as " + texts);
		}
		return texts.isEmpty() ? null : texts.get(0);
	}

	private void addMeasure(MergedAnnotation<ThreeScaleMetered> annotation, List<Measure> measures) {
		String units = annotation.getString("units");
		if (!units.isEmpty()) {
			measures.add(Measure.of(resolve(annotation.getString("metric")), resolve(units)));
		}
	}

	private void add(MergedAnnotation<ThreeScaleMetered> annotation, Map<String, Long> increments) {
		String[] usage = annotation.getStringArray("usage");
		if (usage.length == 0) {
			add(resolve(annotation.getString("metric")), annotation.getLong("delta"), increments);
			return;
		}
		if (annotation.hasNonDefaultValue("metric") || annotation.hasNonDefaultValue("delta")
				|| annotation.hasNonDefaultValue("units")) {
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

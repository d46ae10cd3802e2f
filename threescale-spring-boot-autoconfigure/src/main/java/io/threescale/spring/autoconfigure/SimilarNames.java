package io.threescale.spring.autoconfigure;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * Finds what a misspelt property or metric was meant to be. Only letters and digits are
 * compared, as relaxed binding does.
 */
final class SimilarNames {

	private SimilarNames() {
	}

	/**
	 * Return the name of the property that has most in common with the given one. Indexes
	 * and keys are those of the given name.
	 */
	static String nearest(ConfigurationPropertyName name) {
		return PropertyNames.ALL.stream()
			.flatMap(PropertyNames::list)
			.map((pattern) -> filled(pattern, name))
			.max(Comparator.comparingDouble((candidate) -> similarity(candidate, name.toString())))
			.orElseThrow();
	}

	/**
	 * Return the name that is most like the given one, or {@code null} if none is like
	 * it.
	 */
	static @Nullable String nearest(String name, Collection<String> names) {
		return names.stream()
			.filter((candidate) -> 2 * edits(candidate, name) <= Math.max(candidate.length(), name.length()))
			.min(Comparator.comparingInt((candidate) -> edits(candidate, name)))
			.orElse(null);
	}

	private static String filled(String pattern, ConfigurationPropertyName name) {
		String[] elements = pattern.replace("[]", ".[]").split("\\.");
		for (int i = 0; i < elements.length; i++) {
			boolean given = i < name.getNumberOfElements();
			if (elements[i].equals("*") && given) {
				elements[i] = name.getElement(i, Form.ORIGINAL);
			}
			else if (elements[i].equals("[]")) {
				elements[i] = "[" + ((given && name.isNumericIndex(i)) ? name.getElement(i, Form.ORIGINAL) : "0") + "]";
			}
		}
		return Arrays.stream(elements).collect(Collectors.joining(".")).replace(".[", "[");
	}

	/**
	 * Return the share of characters, other than those of the prefix, that two names have
	 * in common, in the same order.
	 */
	private static double similarity(String one, String other) {
		int prefix = "threescale".length();
		double length = uniform(one).length() + uniform(other).length() - 2.0 * prefix;
		return 1 - edits(one, other) / Math.max(length, 1);
	}

	/**
	 * Count the characters that must be inserted or deleted to make one name of another.
	 */
	static int edits(String one, String other) {
		String from = uniform(one);
		String to = uniform(other);
		int[] edits = new int[to.length() + 1];
		Arrays.setAll(edits, (i) -> i);
		for (int i = 1; i <= from.length(); i++) {
			int diagonal = edits[0];
			edits[0] = i;
			for (int j = 1; j <= to.length(); j++) {
				int above = edits[j];
				edits[j] = (from.charAt(i - 1) == to.charAt(j - 1)) ? diagonal : 1 + Math.min(above, edits[j - 1]);
				diagonal = above;
			}
		}
		return edits[to.length()];
	}

	private static String uniform(String name) {
		return name.replaceAll("[^\\p{Alnum}]", "").toLowerCase(Locale.ROOT);
	}

}

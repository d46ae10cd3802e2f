package io.threescale.spring.autoconfigure;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
	 * and keys are those of the given name. They say nothing about which property was
	 * meant. A key that the given name is too short to hold stays open.
	 */
	static String nearest(ConfigurationPropertyName name) {
		return PropertyNames.ALL.stream()
			.flatMap(PropertyNames::list)
			.map((pattern) -> pattern.replace("[]", ".[]").split("\\."))
			.max(Comparator.comparingDouble((pattern) -> similarity(pattern, name)))
			.map((pattern) -> filled(pattern, name))
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

	private static String filled(String[] pattern, ConfigurationPropertyName name) {
		return IntStream.range(0, pattern.length).mapToObj((i) -> {
			boolean index = pattern[i].equals("[]");
			String element = isGiven(pattern, i, name) ? name.getElement(i, Form.ORIGINAL) : index ? "0" : pattern[i];
			return index ? "[" + element + "]" : element;
		}).collect(Collectors.joining(".")).replace(".[", "[");
	}

	/**
	 * Tell whether the name has an index or a key of its own where the pattern takes one.
	 */
	private static boolean isGiven(String[] pattern, int i, ConfigurationPropertyName name) {
		return i < pattern.length && switch (pattern[i]) {
			case "[]" -> i < name.getNumberOfElements() && name.isNumericIndex(i);
			case "*" -> pattern.length <= name.getNumberOfElements();
			default -> false;
		};
	}

	/**
	 * Return the share of characters, other than those of the prefix, that two names have
	 * in common, in the same order.
	 */
	private static double similarity(String[] pattern, ConfigurationPropertyName name) {
		String one = String.join("", pattern);
		String other = IntStream.range(0, name.getNumberOfElements())
			.filter((i) -> !isGiven(pattern, i, name))
			.mapToObj((i) -> name.getElement(i, Form.ORIGINAL))
			.collect(Collectors.joining());
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

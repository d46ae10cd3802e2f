package io.threescale.spring.metering.verification;

import java.util.List;

/**
 * Tells whether some path may match two patterns. A segment with a wildcard or a variable
 * may be any segment, so the answer is no only if that is sure.
 *
 * @param segments the segments of one pattern
 */
record PathOverlap(List<String> segments) {

	PathOverlap(String pattern) {
		this(segments(pattern));
	}

	boolean with(String pattern) {
		return overlap(this.segments, segments(pattern));
	}

	/**
	 * Return the segments before the first that is none, as a path without a slash at
	 * begin and end.
	 */
	String withoutWildcards() {
		return String.join("/", this.segments.stream().takeWhile((segment) -> !isAny(segment)).toList());
	}

	private static List<String> segments(String pattern) {
		return List.of(pattern.replaceFirst("^/", "").split("/"));
	}

	private static boolean overlap(List<String> one, List<String> other) {
		if (!one.isEmpty() && isRest(one.get(0))) {
			return overlap(tail(one), other) || (!other.isEmpty() && overlap(one, tail(other)));
		}
		if (!other.isEmpty() && isRest(other.get(0))) {
			return overlap(other, one);
		}
		if (one.isEmpty() || other.isEmpty()) {
			return one.isEmpty() && other.isEmpty();
		}
		String segment = one.get(0);
		return (isAny(segment) || isAny(other.get(0)) || segment.equalsIgnoreCase(other.get(0)))
				&& overlap(tail(one), tail(other));
	}

	private static List<String> tail(List<String> segments) {
		return segments.subList(1, segments.size());
	}

	private static boolean isRest(String segment) {
		return segment.equals("**") || segment.startsWith("{*");
	}

	private static boolean isAny(String segment) {
		return segment.matches(".*[*?{].*");
	}

}

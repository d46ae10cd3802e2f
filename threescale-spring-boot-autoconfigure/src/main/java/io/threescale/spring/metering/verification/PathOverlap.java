package io.threescale.spring.metering.verification;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.springframework.http.server.PathContainer;
import org.springframework.web.util.UriUtils;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

/**
 * Tells whether some path may match two patterns. Two segments with wildcards or
 * variables may be the same, so the answer is no only if that is sure.
 *
 * @param segments the segments of one pattern
 */
record PathOverlap(List<String> segments) {

	private static final PathPatternParser PARSER = new PathPatternParser();

	static {
		PARSER.setCaseSensitive(false);
	}

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
		return mayBeSame(one.get(0), other.get(0)) && overlap(tail(one), tail(other));
	}

	private static boolean mayBeSame(String one, String other) {
		if (isAny(one)) {
			return isAny(other) || matches(one, other);
		}
		return isAny(other) ? matches(other, one) : one.equalsIgnoreCase(other);
	}

	private static boolean matches(String segment, String literal) {
		try {
			return PARSER.parse("/" + segment)
				.matches(PathContainer.parsePath("/" + UriUtils.encodePathSegment(literal, StandardCharsets.UTF_8)));
		}
		catch (PatternParseException ex) {
			// A part of a regular expression with a slash
			return true;
		}
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

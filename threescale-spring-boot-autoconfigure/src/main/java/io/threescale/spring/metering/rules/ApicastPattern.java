package io.threescale.spring.metering.rules;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.springframework.web.util.UriUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * A pattern as APIcast reads it: the beginning of a path, or all of it if the pattern
 * ends with {@code $}, where <code>{…}</code> stands for one or more characters of a
 * segment. What follows a question mark is said once more by the conditions on the query.
 */
record ApicastPattern(String pattern) {

	private static final Pattern VARIABLE = Pattern.compile("\\{.+?}");

	private static final String ANY_CHARACTERS = "?*";

	/** Part of a regular expression to APIcast, which has no way to quote them. */
	private static final Pattern EXPRESSION = Pattern.compile("[*+()\\[\\]|^$\\\\{}]");

	private static final Pattern WILDCARD = Pattern.compile("[*?{}]");

	/**
	 * Translate into patterns of which at most one matches a path.
	 */
	List<PathPattern> translate() {
		String path = this.pattern.replaceFirst("\\?.*", "").replaceAll("//+", "/");
		if (!path.startsWith("/")) {
			throw new IllegalArgumentException("it does not begin with '/'");
		}
		boolean whole = path.endsWith("$");
		String translated = translate(whole ? path.substring(0, path.length() - 1) : path);
		return (whole ? Stream.of(translated) : beginningWith(translated)).map(PathPatternParser.defaultInstance::parse)
			.toList();
	}

	private static Stream<String> beginningWith(String path) {
		if (path.equals("/")) {
			return Stream.of("/**");
		}
		if (path.endsWith("/")) {
			return Stream.of(path, path + "*/**");
		}
		return Stream.of(path + (path.endsWith(ANY_CHARACTERS) ? "/**" : "*/**"));
	}

	private static String translate(String path) {
		StringBuilder translated = new StringBuilder();
		Matcher variable = VARIABLE.matcher(path);
		int end = 0;
		while (variable.find()) {
			translated.append(literal(path.substring(end, variable.start()))).append(ANY_CHARACTERS);
			end = variable.end();
		}
		return translated.append(literal(path.substring(end))).toString();
	}

	/**
	 * APIcast compares with an encoded path, Spring with decoded segments.
	 */
	private static String literal(String text) {
		Matcher expression = EXPRESSION.matcher(text);
		if (expression.find()) {
			throw new IllegalArgumentException(
					"APIcast takes '" + expression.group() + "' for a part of a regular expression");
		}
		if (text.contains(";")) {
			throw new IllegalArgumentException("matrix parameters, after ';', are no part of the path here");
		}
		String decoded = UriUtils.decode(text, StandardCharsets.UTF_8);
		if (!UriUtils.encodePath(decoded, StandardCharsets.UTF_8).equals(text) || WILDCARD.matcher(decoded).find()) {
			throw new IllegalArgumentException("'" + text + "' is not encoded the way APIcast encodes paths");
		}
		return decoded;
	}

}

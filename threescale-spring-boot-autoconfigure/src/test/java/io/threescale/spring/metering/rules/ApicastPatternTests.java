package io.threescale.spring.metering.rules;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.server.PathContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Patterns match here what they match at APIcast.
 */
class ApicastPatternTests {

	private static final List<String> PATTERNS = List.of("/", "/$", "/foo", "/foo$", "/foo/", "/foo/$", "/foo/bar",
			"/{id}", "/{id}$", "/foo/{id}", "/foo/{id}$", "/foo/{id}/", "/foo/{id}/$", "/foo/{id}/bar",
			"/foo/{id}/bar$", "/foo/{a}/{b}$", "/{a}.json", "/{a}.json$", "/v{major}.{minor}/foo", "/{a}{b}$",
			"/foo//bar///", "///foo", "/foo%20/bar/", "/a.b", "/caf%C3%A9$", "/foo?a=b", "/foo$?a=b", "/foo/a:b@c$",
			"/{a/b}$");

	private static final List<String> PATHS = List.of("/", "/f", "/foo", "/foo/", "/foobar", "/foobar/", "/foo/bar",
			"/foo/bar/", "/foo/bar/baz", "/foo/a@b/bar", "/foo/a:b/bar", "/foo/a%25b/bar", "/foo/a%20b/bar",
			"/foo/%C3%A9/bar/x", "/foo/a:b@c", "/Foo", "/bar/foo", "/foo%20/bar/", "/foo%20/bar", "/foo%20/bar/baz",
			"/a.b", "/a.bc/d", "/axb", "/x.json", "/x.json/y", "/.json", "/foo/.json", "/x.y.json", "/v1.2/foo",
			"/v1.2/foos", "/v1/foo", "/v./foo", "/caf%C3%A9", "/cafe", "/ab", "/a", "/foo/x/y", "/foo/x/y/z",
			"/foo/bar/bar", "/foo/bar/barn");

	@ParameterizedTest
	@CsvSource({ "/abc, /abc, true", "/abc, /aaa, false", "/abc, /abcdef, true", "/abc, /x/abc, false",
			"/foo/{wildcard}/bar, /foo/a@b/bar, true", "/foo/{wildcard}/bar, /foo/a:b/bar, true",
			"/foo/{wildcard}/bar, /foo/a%25b/bar, true", "/foo//bar, /foo/bar, true", "/foo///bar, /foo/bar, true",
			"/foo/bar///, /foo/bar/, true", "/foo/bar///, /foo/bar, false", "///foo///bar///, /foo/bar/, true",
			"/{env}/video/encode?size={size}&speed=2x, /staging/video/encode, true", "/foo%20/bar/, /foo%20/bar/, true",
			"/foo$, /foo, true", "/foo$, /foo/, false", "/foo$, /foobar, false", "/foo/, /foo, false" })
	void matchesAsApicastSpecifies(String pattern, String path, boolean expected) {
		assertThat(matches(pattern, path)).isEqualTo(expected);
	}

	@ParameterizedTest
	@MethodSource("everything")
	void matchesWhatTheExpressionOfApicastMatches(String pattern, String path) {
		assertThat(matches(pattern, path)).isEqualTo(expression(pattern).matcher(path).lookingAt());
	}

	@ParameterizedTest
	@ValueSource(strings = { "/foo*", "/fo+", "/(a|b)", "/v[12]", "/a$b", "/a{", "/{}", "/a;b", "foo", "", "/a b",
			"/caf\u00e9", "/a%2Fb", "/a%41", "/a%3Fb", "/a%7Bb", "/a%zz" })
	void whatHasNoTranslationIsRefused(String pattern) {
		assertThatIllegalArgumentException().isThrownBy(() -> new ApicastPattern(pattern).translate());
	}

	static Stream<String[]> everything() {
		return PATTERNS.stream().flatMap((pattern) -> PATHS.stream().map((path) -> new String[] { pattern, path }));
	}

	private static boolean matches(String pattern, String path) {
		long matching = new ApicastPattern(pattern).translate()
			.stream()
			.filter((translated) -> translated.matches(PathContainer.parsePath(path)))
			.count();
		assertThat(matching).isLessThanOrEqualTo(1);
		return matching == 1;
	}

	/**
	 * The beginning of an encoded path must match, dots are dots, and a variable is any
	 * of the characters listed here.
	 */
	private static Pattern expression(String pattern) {
		StringBuilder expression = new StringBuilder();
		String path = pattern.split("\\?")[0];
		while (path.contains("//")) {
			path = path.replace("//", "/");
		}
		boolean variable = false;
		for (char c : path.toCharArray()) {
			variable |= c == '{';
			if (c == '}') {
				expression.append("[A-Za-z0-9_.~%!$&'()*+,;=@:-]+");
				variable = false;
			}
			else if (!variable) {
				expression.append((c == '.') ? "\\." : String.valueOf(c));
			}
		}
		return Pattern.compile(expression.toString());
	}

}

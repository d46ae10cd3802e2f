package io.threescale.spring.credentials;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpRequest;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.mock.web.MockHttpServletRequest;

import static io.threescale.spring.credentials.CredentialsKind.APP_ID;
import static io.threescale.spring.credentials.CredentialsKind.USER_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Where credentials are found, and what cannot be any.
 */
class CredentialsResolverTests {

	private static final CredentialsResolver HEADER = CredentialsResolver.named(USER_KEY, CredentialsPlace.HEADER,
			CredentialsNames.HEADERS);

	private static final CredentialsResolver HEADERS = CredentialsResolver.named(APP_ID, CredentialsPlace.HEADER,
			CredentialsNames.HEADERS);

	private static final CredentialsResolver QUERY = CredentialsResolver.named(USER_KEY, CredentialsPlace.QUERY,
			CredentialsNames.PARAMETERS);

	private static final CredentialsResolver COOKIE = CredentialsResolver.named(USER_KEY, CredentialsPlace.COOKIE,
			CredentialsNames.PARAMETERS);

	private static final CredentialsResolver COOKIES = CredentialsResolver.named(APP_ID, CredentialsPlace.COOKIE,
			CredentialsNames.PARAMETERS);

	@Test
	void shouldFindUserKeyInHeaderAndNothingElse() {
		HttpRequest request = request("", "user-key", "key-1", "app-id", "id-1", "app-key", "secret-1");
		assertThat(HEADER.resolve(request)).isEqualTo(ApplicationCredentials.userKey("key-1"));
		assertThat(HEADERS.resolve(request)).isEqualTo(ApplicationCredentials.appId("id-1", "secret-1"));
	}

	@Test
	void whenKindIsAppIdThenKeyMayBeAbsent() {
		assertThat(HEADERS.resolve(request("", "app-id", "id-1"))).isEqualTo(ApplicationCredentials.appId("id-1"));
		assertThat(HEADERS.resolve(request("", "app-id", "id-1", "app-key", "")))
			.isEqualTo(ApplicationCredentials.appId("id-1"));
		assertThat(HEADERS.resolve(request("", "app-id", "", "app-key", " "))).isNull();
		assertThat(HEADERS.resolve(request("", "user-key", "key-1"))).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			user_key=key-1                | key-1
			a=b&user_key=key-1&c=d        | key-1
			user_key=a%20b%2Bc%26d%3De    | a b+c&d=e
			user_key=a+b                  | a b
			user_key=gr%C3%BC%C3%9Fe      | grüße
			user_key=%F0%9F%94%91         | 🔑
			user%5Fkey=key-1              | key-1
			user_key=one&user_key=two     | one
			user_key=a=b==                | a=b==
			user_key=%25ZZ                | %ZZ
			user_key=%ZZ                  | %ZZ
			user_key=key-1&x=%ZZ          | key-1
			""")
	void shouldFindUserKeyInQuery(String query, String key) {
		assertThat(QUERY.resolve(request(query))).isEqualTo(ApplicationCredentials.userKey(key));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "user_key", "user_key=", "user_key=%20", "USER_KEY=key-1", "x=user_key=1", "&&&" })
	void whenQueryHasNoUserKeyThenFindsNothing(String query) {
		assertThat(QUERY.resolve(request(query))).isNull();
	}

	@Test
	void shouldFindCookies() {
		HttpRequest request = request("", "Cookie", "theme=dark; user_key=key-1;app_id=id-1; app_key=a=b");
		assertThat(COOKIE.resolve(request)).isEqualTo(ApplicationCredentials.userKey("key-1"));
		assertThat(COOKIES.resolve(request)).isEqualTo(ApplicationCredentials.appId("id-1", "a=b"));
		assertThat(COOKIE.resolve(request("", "Cookie", "user_key"))).isNull();
		assertThat(COOKIE.resolve(request("", "Cookie", "xuser_key=key-1;=;;"))).isNull();
		assertThat(COOKIE.resolve(request(""))).isNull();
	}

	@Test
	void shouldReadBasic() {
		HttpRequest request = request("", "Authorization", basic("id:with:colons:secret-1"));
		assertThat(CredentialsResolver.basic(APP_ID).resolve(request))
			.isEqualTo(ApplicationCredentials.appId("id:with:colons", "secret-1"));
		assertThat(CredentialsResolver.basic(USER_KEY).resolve(request("", "Authorization", basic("key-1:"))))
			.isEqualTo(ApplicationCredentials.userKey("key-1"));
		assertThat(CredentialsResolver.basic(USER_KEY).resolve(request("", "Authorization", basic("key-1"))))
			.isEqualTo(ApplicationCredentials.userKey("key-1"));
		assertThat(CredentialsResolver.basic(APP_ID).resolve(request("", "Authorization", basic("id-1:"))))
			.isEqualTo(ApplicationCredentials.appId("id-1"));
		assertThat(CredentialsResolver.basic(USER_KEY)
			.resolve(request("", "Authorization", basic("grüße:").replace("Basic", "bAsIc"))))
			.isEqualTo(ApplicationCredentials.userKey("grüße"));
	}

	@Test
	void whenHalfThenRefusedWithoutTellingIt() {
		assertInvalid(HEADERS, request("", "app-key", "secret-1"));
		assertInvalid(HEADERS, request("", "app-key", "secret-1", "app-id", ""));
		assertInvalid(HEADERS, request("", "app-key", "secret-1", "app-id", "\0"));
		assertInvalid(COOKIES, request("", "Cookie", "app_key=secret-1"));
		assertInvalid(CredentialsResolver.basic(APP_ID), request("", "Authorization", basic(":secret-1")));
		assertInvalid(CredentialsResolver.basic(USER_KEY), request("", "Authorization", "Basic secret-1!"));
	}

	private static void assertInvalid(CredentialsResolver resolver, HttpRequest request) {
		assertThatExceptionOfType(InvalidCredentialsException.class).isThrownBy(() -> resolver.resolve(request))
			.withMessageNotContaining("secret-1");
	}

	@Test
	void whenOneIsHalfThenAnotherMayBeWhole() {
		CredentialsResolver first = CredentialsResolver.firstOf(List.of(HEADERS, COOKIES));
		assertThat(first.resolve(request("", "app-key", "secret-1", "Cookie", "app_id=id-1")))
			.isEqualTo(ApplicationCredentials.appId("id-1"));
		assertThat(first.resolve(request("", "app-id", "id-1", "Cookie", "app_key=secret-1")))
			.isEqualTo(ApplicationCredentials.appId("id-1"));
		assertInvalid(first, request("", "app-key", "secret-1"));
		assertInvalid(first, request("", "Cookie", "app_key=secret-1"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Basic", "Basic ", "Basic Og==", "Bearer abc", "Basically abc", "" })
	void whenNotBasicThenFindsNothing(String header) {
		assertThat(CredentialsResolver.basic(USER_KEY).resolve(request("", "Authorization", header))).isNull();
	}

	@Test
	void shouldReadBearer() {
		HttpRequest request = request("", "Authorization", "bearer  token-1 ");
		assertThat(CredentialsResolver.bearer(USER_KEY).resolve(request))
			.isEqualTo(ApplicationCredentials.userKey("token-1"));
		assertThat(CredentialsResolver.bearer(APP_ID).resolve(request))
			.isEqualTo(ApplicationCredentials.appId("token-1"));
		assertThat(CredentialsResolver.bearer(USER_KEY).resolve(request("", "Authorization", "Bearer"))).isNull();
		assertThat(CredentialsResolver.bearer(USER_KEY).resolve(request("", "Authorization", basic("a:b")))).isNull();
		assertThat(CredentialsResolver.bearer(USER_KEY).resolve(request(""))).isNull();
	}

	@Test
	void whenTooLongThenRefused() {
		assertThat(HEADER.resolve(request("", "user-key", "k".repeat(256)))).isNotNull();
		assertInvalid(HEADER, request("", "user-key", "k".repeat(257)));
		assertInvalid(HEADERS, request("", "app-id", "id-1", "app-key", "k".repeat(257)));
		assertInvalid(CredentialsResolver.bearer(USER_KEY), request("", "Authorization", "Bearer " + "k".repeat(8000)));
	}

	@Test
	void whenSeveralThenFirstThatFindsSomething() {
		CredentialsResolver first = CredentialsResolver.firstOf(List.of(HEADER, QUERY, COOKIE));
		assertThat(first.resolve(request("user_key=query", "user-key", "header")))
			.isEqualTo(ApplicationCredentials.userKey("header"));
		assertThat(first.resolve(request("user_key=query", "user-key", " ", "Cookie", "user_key=cookie")))
			.isEqualTo(ApplicationCredentials.userKey("query"));
		assertThat(first.resolve(request(""))).isNull();
		assertThat(first.challenges()).containsExactly("APIKey in=\"header\", name=\"user-key\"",
				"APIKey in=\"query\", name=\"user_key\"", "APIKey in=\"cookie\", name=\"user_key\"");
	}

	@Test
	void shouldChallengeForWhatItLooksFor() {
		assertThat(HEADERS.challenges()).containsExactly("APIKey in=\"header\", name=\"app-id\"");
		assertThat(CredentialsResolver.basic(APP_ID).challenges())
			.containsExactly("Basic realm=\"api\", charset=\"UTF-8\"");
		assertThat(CredentialsResolver.bearer(APP_ID).challenges()).containsExactly("Bearer realm=\"api\"");
		CredentialsResolver own = (request) -> null;
		assertThat(own.challenges()).isEmpty();
		assertThat(CredentialsResolver.firstOf(List.of(HEADER, HEADER)).challenges()).hasSize(1);
	}

	@Test
	void whenNameIsBlankThenRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new CredentialsNames(" ", "app_id", "app_key"));
	}

	private static String basic(String credentials) {
		return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
	}

	private static HttpRequest request(String query, String... headers) {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", "/path");
		request.setQueryString(query);
		for (int i = 0; i < headers.length; i += 2) {
			request.addHeader(headers[i], headers[i + 1]);
		}
		return new ServletServerHttpRequest(request);
	}

}

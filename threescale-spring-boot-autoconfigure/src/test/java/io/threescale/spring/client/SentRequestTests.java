package io.threescale.spring.client;

import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationCredentials.OAuthClient;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.client.Form.Pair;
import io.threescale.spring.fixture.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What the backend receives of an authorization, to the letter.
 */
class SentRequestTests {

	private static final ServiceCredentials SERVICE = ServiceCredentials.serviceToken("1001", "st1");

	private static final ApplicationCredentials USER = ApplicationCredentials.userKey("uk1");

	@RegisterExtension
	static final WireMockExtension backend = WireMockExtension.newInstance().build();

	static Stream<String> nasty() {
		return Stream.of("a&b", "a=b", "a+b", "a b", "a%b", "a%26b", "a#b", "a?b", "a/b", "a:b", "a;b", "a,b", "a@b",
				"a\"b", "a'b", "a<b>", "a\\b", "a{b}", "{0}", "${a}", "a|b", "a^b", "a`b", "a\nb", "a\tb", "a\u0001b",
				"clé-ü", "日本語", "🔑", "\u00a0x", "*", "~", "a.b-c_d~e", "http://a/?b=c&d=e#f");
	}

	@ParameterizedTest
	@MethodSource("nasty")
	void shouldEncodeEveryNameAndValue(String nasty) {
		String query = query(ServiceCredentials.serviceToken(nasty, nasty),
				AuthorizationRequest.of(ApplicationCredentials.appId(nasty, nasty), Usage.of(nasty, 3))
					.withReferrer(nasty)
					.withRedirectUri(nasty)
					.withParameter("x" + nasty, nasty));
		assertThat(query).matches("[A-Za-z0-9._~%&=-]+");
		assertThat(Form.parse(query)).containsExactlyInAnyOrder(new Pair("service_token", nasty),
				new Pair("service_id", nasty), new Pair("app_id", nasty), new Pair("app_key", nasty),
				new Pair("usage[" + nasty + "]", "3"), new Pair("referrer", nasty), new Pair("redirect_uri", nasty),
				new Pair("x" + nasty, nasty));
	}

	@ParameterizedTest
	@MethodSource("nasty")
	void shouldEncodeUserAndProviderKeys(String nasty) {
		String query = query(ServiceCredentials.providerKey(nasty, nasty),
				AuthorizationRequest.of(ApplicationCredentials.userKey(nasty), Usage.NONE));
		assertThat(query).matches("[A-Za-z0-9._~%&=-]+");
		assertThat(Form.parse(query)).containsExactlyInAnyOrder(new Pair("provider_key", nasty),
				new Pair("service_id", nasty), new Pair("user_key", nasty));
	}

	@Test
	void shouldSendOneHitUnlessToldOtherwise() {
		assertThat(query(SERVICE, AuthorizationRequest.of(USER)))
			.isEqualTo("service_token=st1&service_id=1001&user_key=uk1&usage%5Bhits%5D=1");
	}

	@Test
	void shouldSendSetValuesWithAnEncodedHash() {
		assertThat(query(SERVICE, AuthorizationRequest.of(USER, Usage.of("hits", 0).andSet("storage", 7))))
			.endsWith("&usage%5Bhits%5D=0&usage%5Bstorage%5D=%237");
	}

	@Test
	void whenNothingIsSetThenSendsNothingEmpty() {
		String query = query(ServiceCredentials.providerKey("pk1", " "),
				AuthorizationRequest.of(ApplicationCredentials.appId("app", ""), Usage.NONE)
					.withReferrer("")
					.withRedirectUri("")
					.withParameter("object", ""));
		assertThat(query).isEqualTo("provider_key=pk1&app_id=app");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\0", " \0\t\r\n" })
	void whenKeyIsBlankTo3scaleThenIsNotSent(String key) {
		assertThat(query(SERVICE, AuthorizationRequest.of(ApplicationCredentials.appId("app", key), Usage.NONE)))
			.isEqualTo("service_token=st1&service_id=1001&app_id=app");
		assertThat(query(SERVICE, AuthorizationRequest.of(new OAuthClient("app", key), Usage.NONE)))
			.isEqualTo("service_token=st1&service_id=1001&app_id=app");
	}

	@Test
	void shouldSendLogCodeReferrerAndRedirectUri() {
		assertThat(Form.parse(query(SERVICE,
				AuthorizationRequest.of(ApplicationCredentials.oauthClient("app"), Usage.NONE)
					.withReferrer("example.org")
					.withRedirectUri("https://a/b")
					.withResponseCode(200))))
			.contains(new Pair("log[code]", "200"), new Pair("referrer", "example.org"),
					new Pair("redirect_uri", "https://a/b"), new Pair("app_id", "app"))
			.hasSize(6);
	}

	@ParameterizedTest
	@ValueSource(strings = { "service_token", "service_id", "provider_key", "user_key", "app_id", "app_key", "referrer",
			"redirect_uri", "usage", "usage[hits]", "usage[a\nb]", "log[code]", "transactions[0][user_key]",
			"no_body" })
	void whenExtraParameterHasAPlaceOfItsOwnThenIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> AuthorizationRequest.of(USER).withParameter(name, "x"))
			.withMessageContaining("has a place of its own");
	}

	@Test
	void shouldAlwaysAskForTheRejectionReasonInOneHeader() {
		assertThat(options(AuthorizationRequest.of(USER))).isEqualTo("rejection_reason_header=1");
		assertThat(options(AuthorizationRequest.of(USER).with(Extension.values())).split("&"))
			.containsExactlyInAnyOrder("rejection_reason_header=1", "limit_headers=1", "no_body=1", "hierarchy=1",
					"flat_usage=1", "list_app_keys=1");
		assertThat(options(AuthorizationRequest.of(USER).with(Extension.NO_BODY).with(Extension.HIERARCHY)).split("&"))
			.containsExactlyInAnyOrder("rejection_reason_header=1", "no_body=1", "hierarchy=1");
	}

	@Test
	void shouldSendVersionHeadersAndNothingThatIsNotNeeded() {
		LoggedRequest request = request((builder) -> {
		}, AuthorizationRequest.of(USER));
		assertThat(request.getHeader("User-Agent")).matches("threescale-spring/\\S+");
		assertThat(request.getHeader("X-3scale-User-Agent")).matches("plugin-java-v\\S+");
		assertThat(request.getHeader("Host")).isEqualTo("localhost:" + backend.getPort());
		assertThat(request.getHeaders().all()).extracting((header) -> header.key().toLowerCase())
			.containsExactlyInAnyOrder("user-agent", "x-3scale-user-agent", "host", "3scale-options", "accept");
		assertThat(request.getBody()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "/prefix", "/prefix/", "/a/b//", "/with%20space" })
	void shouldKeepThePathOfTheBaseUrl(String path) {
		LoggedRequest request = request((builder) -> builder.baseUrl(URI.create(backend.baseUrl() + path)),
				AuthorizationRequest.of(USER));
		assertThat(request.getUrl()).startsWith(path.replaceFirst("/+$", "") + "/transactions/authrep.xml?");
	}

	@Test
	void shouldUseOauthEndpointsForOauthClientsOnlyAndOnlyIfToldTo() {
		ApplicationCredentials oauth = ApplicationCredentials.oauthClient("app");
		assertThat(path(false, oauth)).isEqualTo("/transactions/authrep.xml");
		assertThat(path(true, oauth)).isEqualTo("/transactions/oauth_authrep.xml");
		assertThat(path(true, USER)).isEqualTo("/transactions/authrep.xml");
		assertThat(path(true, ApplicationCredentials.appId("app"))).isEqualTo("/transactions/authrep.xml");
		backend.resetRequests();
		try (ThreeScaleClient client = ThreeScaleClient.builder(SERVICE)
			.baseUrl(URI.create(backend.baseUrl()))
			.connection(Patience.SETTINGS)
			.oauthEndpoints(true)
			.build()) {
			client.authorize(oauth, Usage.NONE);
			assertThat(single().getUrl()).startsWith("/transactions/oauth_authorize.xml?");
		}
	}

	@Test
	void shouldLetTheWebClientBeChangedWithoutShowingItTheQuery() {
		StringBuilder seen = new StringBuilder();
		LoggedRequest request = request((builder) -> builder
			.webClient((webClient) -> webClient.defaultHeader("X-A", "b").filter((outgoing, next) -> {
				seen.append(outgoing.url());
				return next.exchange(outgoing);
			})), AuthorizationRequest.of(USER));
		assertThat(request.getHeader("X-A")).isEqualTo("b");
		assertThat(seen).hasToString(backend.baseUrl() + "/transactions/authrep.xml");
	}

	private static String path(boolean oauthEndpoints, ApplicationCredentials application) {
		return request((builder) -> builder.oauthEndpoints(oauthEndpoints), AuthorizationRequest.of(application))
			.getUrl()
			.replaceFirst("\\?.*", "");
	}

	private static String options(AuthorizationRequest request) {
		List<String> values = request((builder) -> {
		}, request).header("3scale-options").values();
		assertThat(values).hasSize(1);
		return values.get(0);
	}

	private static String query(ServiceCredentials service, AuthorizationRequest request) {
		return URI.create("http://x" + send(ThreeScaleClient.builder(service), request).getUrl()).getRawQuery();
	}

	private static LoggedRequest request(Consumer<ThreeScaleClientBuilder> settings, AuthorizationRequest request) {
		ThreeScaleClientBuilder builder = ThreeScaleClient.builder(SERVICE)
			.baseUrl(URI.create(backend.baseUrl()))
			.connection(Patience.SETTINGS);
		settings.accept(builder);
		return sendWith(builder, request);
	}

	private static LoggedRequest send(ThreeScaleClientBuilder builder, AuthorizationRequest request) {
		return sendWith(builder.baseUrl(URI.create(backend.baseUrl())).connection(Patience.SETTINGS), request);
	}

	private static LoggedRequest sendWith(ThreeScaleClientBuilder builder, AuthorizationRequest request) {
		backend.resetRequests();
		backend.stubFor(any(anyUrl()).willReturn(ok()));
		try (ThreeScaleClient client = builder.build()) {
			client.authRep(request);
		}
		return single();
	}

	private static LoggedRequest single() {
		List<LoggedRequest> requests = backend.findAll(anyRequestedFor(anyUrl()));
		assertThat(requests).hasSize(1);
		return requests.get(0);
	}

}

package io.threescale.spring.security;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.credentials.CredentialsResolver;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Applications;
import io.threescale.spring.fixture.Backend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthentication;
import org.springframework.security.web.SecurityFilterChain;

import static io.threescale.spring.security.ThreeScaleConfigurer.threeScale;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Callers known by a claim of a token that Spring Security has validated.
 */
class ClaimTests {

	static final SecretKey KEY = key("a key of thirty-two bytes or more");

	private static final Instant ISSUED = Instant.now();

	@RegisterExtension
	static final Backend backend = new Backend();

	@RegisterExtension
	static final Applications applications = new Applications(backend);

	@Test
	void whenTokenIsValidThenItsClaimIsTheOAuthClient() {
		Application application = start(Protected.class, "threescale.credentials.claim=azp");
		assertThat(call(application, token(KEY, Map.of("azp", "client-1"))).statusCode()).isEqualTo(200);
		assertThat(backend.calls()).singleElement()
			.satisfies((call) -> assertThat(call).containsEntry("app_id", "client-1")
				.doesNotContainKeys("user_key", "app_key"));
	}

	@Test
	void whenTokenIsNotValidThenSpringSecurityAnswersAndBackendIsNotAsked() {
		Application application = start(Protected.class, "threescale.credentials.claim=azp");
		HttpResponse<String> forged = call(application,
				token(key("a key of thirty-two bytes of another's"), Map.of("azp", "client-1")));
		assertThat(forged.statusCode()).isEqualTo(401);
		assertThat(forged.headers().firstValue("WWW-Authenticate")).get().asString().contains("invalid_token");
		assertThat(application.get("/hello").statusCode()).isEqualTo(401);
		assertThat(backend.calls()).isEmpty();
	}

	@Test
	void whenSeveralClaimsThenFirstThatIsThere() {
		Application application = start(Protected.class, "threescale.credentials.claim=azp,client_id");
		call(application, token(KEY, Map.of("client_id", "client-2")));
		call(application, token(KEY, Map.of("client_id", "client-2", "azp", "client-1")));
		call(application, token(KEY, Map.of("client_id", "client-2", "azp", " ")));
		assertThat(backend.calls()).extracting((call) -> call.get("app_id"))
			.containsExactly("client-2", "client-1", "client-2");
	}

	@Test
	void whenTokenHasNoSuchClaimThenSourcesAreAsked() {
		Application application = start(Protected.class, "threescale.credentials.claim=azp");
		String token = token(KEY, Map.of("client_id", "client-2"));
		assertThat(call(application, token).statusCode()).isEqualTo(401);
		call(application, token, "user-key", "key-1");
		assertThat(backend.calls()).singleElement()
			.satisfies((call) -> assertThat(call).containsEntry("user_key", "key-1"));
	}

	@Test
	void whenSeveralFindTheCallerThenOwnResolverThenClaimThenSources() {
		Application application = start(OwnResolver.class, "threescale.credentials.claim=azp");
		String token = token(KEY, Map.of("azp", "client-1"));
		call(application, token, "user-key", "key-1", "X-Own", "own-1");
		call(application, token, "user-key", "key-1");
		assertThat(backend.calls()).extracting((call) -> call.get("app_id")).containsExactly("own-1", "client-1");
	}

	@Test
	void whenOpenAndNoTokenThenChallengesNameIt() {
		Application application = start(Open.class, "threescale.credentials.claim=azp",
				"threescale.credentials.sources=");
		HttpResponse<String> answer = application.get("/hello");
		assertThat(answer.statusCode()).isEqualTo(401);
		assertThat(answer.headers().allValues("WWW-Authenticate")).containsExactly("Bearer realm=\"api\"");
		assertThat(answer.body()).contains("urn:threescale:problem:credentials-missing");
		assertThat(backend.calls()).isEmpty();
	}

	@Test
	void whenPlanIsAskedForToThenUserStaysAndOneCallOfTheBackend() {
		Application application = start(Open.class, "threescale.credentials.claim=azp");
		HttpResponse<String> answer = application.send("GET", "/who", "Authorization",
				"Bearer " + token(KEY, Map.of("azp", "client-1", "scope", "read")));
		assertThat(answer.body()).startsWith("JwtAuthenticationToken jane ")
			.contains("SCOPE_read")
			.contains("PLAN_Basic");
		assertThat(backend.calls()).singleElement()
			.satisfies((call) -> assertThat(call).containsEntry("app_id", "client-1"));
	}

	@Test
	void whenNoClaimIsConfiguredThenTokenIsNotLookedInto() {
		Application application = start(Protected.class);
		assertThat(call(application, token(KEY, Map.of("azp", "client-1"))).statusCode()).isEqualTo(401);
		call(application, token(KEY, Map.of("azp", "client-1")), "user-key", "key-1");
		assertThat(backend.calls()).singleElement()
			.satisfies((call) -> assertThat(call).containsEntry("user_key", "key-1").doesNotContainKey("app_id"));
	}

	@Test
	void whenReactiveThenPrincipalIsAnAttributeAndMustBeAuthenticated() {
		ClaimCredentialsResolver resolver = new ClaimCredentialsResolver(List.of("azp"));
		MockClientHttpRequest request = new MockClientHttpRequest(HttpMethod.GET, URI.create("/hello"));
		assertThat(resolver.resolve(request)).isNull();
		BearerTokenAuthentication opaque = opaque(Map.of("azp", "client-1"));
		request.getAttributes().put(Principal.class.getName(), opaque);
		assertThat(resolver.resolve(request)).isEqualTo(ApplicationCredentials.oauthClient("client-1"));
		opaque.setAuthenticated(false);
		assertThat(resolver.resolve(request)).isNull();
	}

	private static BearerTokenAuthentication opaque(Map<String, Object> attributes) {
		return new BearerTokenAuthentication(new DefaultOAuth2AuthenticatedPrincipal(attributes, List.of()),
				new OAuth2AccessToken(TokenType.BEARER, "opaque", ISSUED, ISSUED.plusSeconds(600)),
				AuthorityUtils.NO_AUTHORITIES);
	}

	private static Application start(Class<?> source, String... properties) {
		return applications.get(source, properties);
	}

	private static HttpResponse<String> call(Application application, String token, String... headers) {
		String[] all = new String[headers.length + 2];
		all[0] = "Authorization";
		all[1] = "Bearer " + token;
		System.arraycopy(headers, 0, all, 2, headers.length);
		return application.send("GET", "/hello", all);
	}

	static SecretKey key(String text) {
		return new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
	}

	static String token(SecretKey key, Map<String, Object> claims) {
		JwtClaimsSet set = JwtClaimsSet.builder()
			.subject("jane")
			.issuedAt(ISSUED)
			.expiresAt(ISSUED.plusSeconds(600))
			.claims((all) -> all.putAll(claims))
			.build();
		return new NimbusJwtEncoder(new ImmutableSecret<>(key))
			.encode(JwtEncoderParameters.from(JwsHeader.with(MacAlgorithm.HS256).build(), set))
			.getTokenValue();
	}

	@Configuration(proxyBeanMethods = false)
	@Import(SecuredApi.class)
	static class Decoder {

		@Bean
		JwtDecoder jwtDecoder() {
			return NimbusJwtDecoder.withSecretKey(KEY).macAlgorithm(MacAlgorithm.HS256).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Decoder.class)
	static class Protected {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return http.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
				.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Decoder.class)
	static class Open {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return http.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
				.with(threeScale(), Customizer.withDefaults())
				.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Protected.class)
	static class OwnResolver {

		@Bean
		CredentialsResolver own() {
			return (request) -> {
				String own = request.getHeaders().getFirst("X-Own");
				return (own != null) ? ApplicationCredentials.appId(own) : null;
			};
		}

	}

}

package io.threescale.spring.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import io.threescale.spring.credentials.CredentialsKind;
import io.threescale.spring.credentials.CredentialsNames;
import io.threescale.spring.credentials.CredentialsPlace;
import io.threescale.spring.credentials.CredentialsResolver;
import io.threescale.spring.security.ClaimCredentialsResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Where callers put their credentials.
 *
 * @param kind What the service knows its callers by, as set at 3scale.
 * @param sources Where to look for credentials, in this order. None leaves it to the
 * application's own CredentialsResolver beans.
 * @param claim Name of the claim of a validated access token that is the ID of the
 * calling OAuth client, asked before the sources. Of several, the first that is there.
 * Needs an OAuth2 resource server of Spring Security.
 * @param header Names of the headers.
 * @param query Names of the query parameters.
 * @param cookie Names of the cookies.
 * @since 0.1.0
 */
public record ThreeScaleCredentialsProperties(@DefaultValue("user-key") CredentialsKind kind, @DefaultValue( {
		"header", "query" }) List<CredentialsSource> sources, @DefaultValue List<String> claim,
		@DefaultValue HeaderNames header, @DefaultValue ParameterNames query, @DefaultValue ParameterNames cookie){

	private static final String RESOURCE_SERVER = "org.springframework.security.oauth2.server.resource"
			+ ".authentication.AbstractOAuth2TokenAuthenticationToken";

	/**
	 * Return what goes by the claim, or {@code null} if none is named.
	 */
	@Nullable CredentialsResolver byClaim(String prefix) {
		if (this.claim.isEmpty()) {
			return null;
		}
		if (!ClassUtils.isPresent(RESOURCE_SERVER, null)) {
			throw new InvalidThreeScaleConfigurationException(
					"Property '" + prefix + ".credentials.claim' names a claim of access tokens, but nothing "
							+ "validates them: there is no OAuth2 resource server of Spring Security.",
					"Add 'spring-boot-starter-security-oauth2-resource-server', or remove the property.");
		}
		return new ClaimCredentialsResolver(this.claim);
	}

	/**
	 * Return what looks into the sources, in their order.
	 */
	Stream<CredentialsResolver> bySource(String prefix) {
		return this.sources.stream().map((source) -> switch (source) {
			case HEADER -> named(CredentialsPlace.HEADER, this.header.names(prefix + ".credentials.header"));
			case QUERY -> named(CredentialsPlace.QUERY, this.query.names(prefix + ".credentials.query"));
			case COOKIE -> named(CredentialsPlace.COOKIE, this.cookie.names(prefix + ".credentials.cookie"));
			case BASIC -> CredentialsResolver.basic(this.kind);
			case BEARER -> CredentialsResolver.bearer(this.kind);
		});
	}

	private CredentialsResolver named(CredentialsPlace place, CredentialsNames names) {
		return CredentialsResolver.named(this.kind, place, names);
	}

	/**
	 * Return what callers are known by: by a claim, they have an id.
	 */
	CredentialsKind callers() {
		return this.claim.isEmpty() ? this.kind : CredentialsKind.APP_ID;
	}

	private static CredentialsNames names(String prefix, String userKey, String appId, String appKey) {
		requireText(userKey, prefix + ".user-key");
		requireText(appId, prefix + ".app-id");
		requireText(appKey, prefix + ".app-key");
		return new CredentialsNames(userKey, appId, appKey);
	}

	private static void requireText(String name, String property) {
		InvalidThreeScaleConfigurationException.require(StringUtils.hasText(name), property, "a name");
	}

	/**
	 * Names of the headers.
	 *
	 * @param userKey Name of the user key.
	 * @param appId Name of the application ID.
	 * @param appKey Name of the application key.
	 */
	public record HeaderNames(@DefaultValue("user-key") String userKey, @DefaultValue("app-id") String appId,
			@DefaultValue("app-key") String appKey) {

		CredentialsNames names(String prefix) {
			return ThreeScaleCredentialsProperties.names(prefix, this.userKey, this.appId, this.appKey);
		}

	}

	/**
	 * Names of query parameters or cookies.
	 *
	 * @param userKey Name of the user key.
	 * @param appId Name of the application ID.
	 * @param appKey Name of the application key.
	 */
	public record ParameterNames(@DefaultValue("user_key") String userKey, @DefaultValue("app_id") String appId,
			@DefaultValue("app_key") String appKey) {

		CredentialsNames names(String prefix) {
			return ThreeScaleCredentialsProperties.names(prefix, this.userKey, this.appId, this.appKey);
		}

	}

}

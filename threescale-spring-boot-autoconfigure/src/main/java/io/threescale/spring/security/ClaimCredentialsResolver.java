package io.threescale.spring.security;

import java.security.Principal;
import java.util.List;
import java.util.Map;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.credentials.CredentialsResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.security.oauth2.server.resource.authentication.AbstractOAuth2TokenAuthenticationToken;
import org.springframework.util.StringUtils;

/**
 * Takes a claim of the access token for the OAuth client that calls. Goes by the token
 * that Spring Security has validated, never by the request itself.
 *
 * @since 0.1.0
 */
public final class ClaimCredentialsResolver implements CredentialsResolver {

	private final List<String> claims;

	/**
	 * Create a resolver.
	 * @param claims the names of the claims; the first that a token has counts
	 */
	public ClaimCredentialsResolver(List<String> claims) {
		this.claims = List.copyOf(claims);
	}

	@Override
	public @Nullable ApplicationCredentials resolve(HttpRequest request) {
		if (principal(request) instanceof AbstractOAuth2TokenAuthenticationToken<?> token && token.isAuthenticated()) {
			return client(token.getTokenAttributes());
		}
		return null;
	}

	private @Nullable ApplicationCredentials client(Map<String, Object> attributes) {
		for (String claim : this.claims) {
			if (attributes.get(claim) instanceof String client && StringUtils.hasText(client)) {
				return ApplicationCredentials.oauthClient(client);
			}
		}
		return null;
	}

	/**
	 * A reactive request does not know its principal, so it is told as an attribute.
	 */
	private static @Nullable Object principal(HttpRequest request) {
		return (request instanceof ServerHttpRequest servlet) ? servlet.getPrincipal()
				: request.getAttributes().get(Principal.class.getName());
	}

	@Override
	public List<String> challenges() {
		return List.of("Bearer realm=\"api\"");
	}

}

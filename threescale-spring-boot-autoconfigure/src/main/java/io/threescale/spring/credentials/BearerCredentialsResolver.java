package io.threescale.spring.credentials;

import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;

/**
 * Takes a bearer token for the user key, or for the application id.
 */
record BearerCredentialsResolver(CredentialsKind kind) implements CredentialsResolver {

	@Override
	public @Nullable ApplicationCredentials resolve(HttpRequest request) {
		return this.kind.of(AuthorizationHeader.after("Bearer", request), null);
	}

	@Override
	public List<String> challenges() {
		return List.of("Bearer realm=\"api\"");
	}

}

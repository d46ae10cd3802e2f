package io.threescale.spring.credentials;

import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;

/**
 * Asks one resolver after the other.
 */
record FirstCredentialsResolver(List<CredentialsResolver> resolvers) implements CredentialsResolver {

	@Override
	public @Nullable ApplicationCredentials resolve(HttpRequest request) {
		for (CredentialsResolver resolver : this.resolvers) {
			ApplicationCredentials credentials = resolver.resolve(request);
			if (credentials != null) {
				return credentials;
			}
		}
		return null;
	}

	@Override
	public List<String> challenges() {
		return this.resolvers.stream().flatMap((resolver) -> resolver.challenges().stream()).distinct().toList();
	}

}

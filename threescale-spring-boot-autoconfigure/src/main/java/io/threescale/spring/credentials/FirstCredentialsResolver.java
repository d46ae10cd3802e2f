package io.threescale.spring.credentials;

import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;

/**
 * Asks one resolver after the other. What is wrong in one place matters only if there is
 * nothing right in another.
 */
record FirstCredentialsResolver(List<CredentialsResolver> resolvers) implements CredentialsResolver {

	@Override
	public @Nullable ApplicationCredentials resolve(HttpRequest request) {
		@Nullable InvalidCredentialsException invalid = null;
		for (CredentialsResolver resolver : this.resolvers) {
			try {
				ApplicationCredentials credentials = resolver.resolve(request);
				if (credentials != null) {
					return credentials;
				}
			}
			catch (InvalidCredentialsException ex) {
				invalid = ex;
			}
		}
		if (invalid != null) {
			throw invalid;
		}
		return null;
	}

	@Override
	public List<String> challenges() {
		return this.resolvers.stream().flatMap((resolver) -> resolver.challenges().stream()).distinct().toList();
	}

}

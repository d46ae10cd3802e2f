package io.threescale.spring.credentials;

import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;

/**
 * Finds credentials by their names.
 */
record NamedCredentialsResolver(CredentialsKind kind, CredentialsPlace place,
		CredentialsNames names) implements CredentialsResolver {

	@Override
	public @Nullable ApplicationCredentials resolve(HttpRequest request) {
		return switch (this.kind) {
			case USER_KEY -> this.kind.of(this.place.find(request, this.names.userKey()), null);
			case APP_ID -> this.kind.of(this.place.find(request, this.names.appId()),
					this.place.find(request, this.names.appKey()));
		};
	}

	@Override
	public List<String> challenges() {
		return List.of(this.place.challenge(switch (this.kind) {
			case USER_KEY -> this.names.userKey();
			case APP_ID -> this.names.appId();
		}));
	}

}

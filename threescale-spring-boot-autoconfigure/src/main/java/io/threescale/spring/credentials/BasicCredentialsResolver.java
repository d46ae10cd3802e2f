package io.threescale.spring.credentials;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;

/**
 * Takes the user name of HTTP Basic for the user key, or user name and password for
 * application id and key. They part at the last colon, as in 3scale's gateway
 * ({@code 3scale/APIcast:gateway/src/apicast/configuration/service.lua}).
 */
record BasicCredentialsResolver(CredentialsKind kind) implements CredentialsResolver {

	@Override
	public @Nullable ApplicationCredentials resolve(HttpRequest request) {
		String encoded = AuthorizationHeader.after("Basic", request);
		return (encoded != null) ? parse(encoded) : null;
	}

	private @Nullable ApplicationCredentials parse(String encoded) {
		String decoded = decode(encoded);
		int colon = decoded.lastIndexOf(':');
		return (colon < 0) ? this.kind.of(decoded, null)
				: this.kind.of(decoded.substring(0, colon), decoded.substring(colon + 1));
	}

	private static String decode(String encoded) {
		try {
			return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidCredentialsException("What follows 'Basic' is not Base64");
		}
	}

	@Override
	public List<String> challenges() {
		return List.of("Basic realm=\"api\", charset=\"UTF-8\"");
	}

}

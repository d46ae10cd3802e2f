package io.threescale.spring.credentials;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;

/**
 * The {@code Authorization} header (RFC 9110, 11.6.2).
 */
final class AuthorizationHeader {

	private AuthorizationHeader() {
	}

	/**
	 * Return what follows a scheme, of which the case does not matter.
	 */
	static @Nullable String after(String scheme, HttpRequest request) {
		String header = request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
		String prefix = scheme + " ";
		if (header == null || !header.regionMatches(true, 0, prefix, 0, prefix.length())) {
			return null;
		}
		return header.substring(prefix.length()).trim();
	}

}

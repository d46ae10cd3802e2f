package io.threescale.spring.credentials;

import io.threescale.spring.ApplicationCredentials;
import org.jspecify.annotations.Nullable;

/**
 * What a service knows its callers by; a setting of the service at 3scale
 * ({@code protocol.md} 1.3). Only this kind is looked for, so that a request can never
 * carry two. Callers known by an access token need a {@link CredentialsResolver} of the
 * application's own, as the token has to be validated first.
 *
 * @since 0.1.0
 */
public enum CredentialsKind {

	/** One API key. */
	USER_KEY,

	/** An application id, and a key if the application has any. */
	APP_ID;

	/**
	 * 3scale stores none that is longer. Longer ones would only serve to break the
	 * backend's limit on the length of a URL.
	 */
	private static final int MAX_LENGTH = 256;

	/**
	 * Make credentials of what was found.
	 * @return the credentials, or {@code null} if nothing was
	 * @throws InvalidCredentialsException if it is no more than half of them, or too long
	 */
	@Nullable ApplicationCredentials of(@Nullable String id, @Nullable String key) {
		if (id == null || isBlank(id)) {
			if (key == null || isBlank(key)) {
				return null;
			}
			throw new InvalidCredentialsException("There is a key, and nothing it belongs to");
		}
		if (id.length() > MAX_LENGTH || (key != null && key.length() > MAX_LENGTH)) {
			throw new InvalidCredentialsException("No credentials have more than " + MAX_LENGTH + " characters");
		}
		return switch (this) {
			case USER_KEY -> ApplicationCredentials.userKey(id);
			case APP_ID -> ApplicationCredentials.appId(id, key);
		};
	}

	/** Of a value that is nothing but NUL, 3scale leaves nothing. */
	private static boolean isBlank(String value) {
		return value.replace('\0', ' ').isBlank();
	}

}

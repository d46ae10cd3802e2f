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

	@Nullable ApplicationCredentials of(@Nullable String id, @Nullable String key) {
		if (id == null || id.isBlank() || id.length() > MAX_LENGTH || (key != null && key.length() > MAX_LENGTH)) {
			return null;
		}
		return switch (this) {
			case USER_KEY -> ApplicationCredentials.userKey(id);
			case APP_ID -> ApplicationCredentials.appId(id, key);
		};
	}

}

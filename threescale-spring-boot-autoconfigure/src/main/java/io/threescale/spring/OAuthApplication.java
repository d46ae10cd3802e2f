package io.threescale.spring;

import org.jspecify.annotations.Nullable;

/**
 * What the OAuth endpoints tell of the application ({@code protocol.md} 4.5).
 *
 * @param id the client id
 * @param key one of the client's secrets, or {@code null}; not shown by {@code toString}
 * @param redirectUrl the registered redirect URL, or {@code null}
 * @since 0.1.0
 */
public record OAuthApplication(String id, @Nullable String key, @Nullable String redirectUrl) {

	@Override
	public String toString() {
		return "OAuthApplication[" + Secret.MASK + "]";
	}

}

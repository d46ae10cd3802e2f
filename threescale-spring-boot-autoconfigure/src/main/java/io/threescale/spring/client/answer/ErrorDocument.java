package io.threescale.spring.client.answer;

import org.jspecify.annotations.Nullable;

/**
 * What the {@code <error>} of {@code protocol.md} 4.6 says. Its text quotes secrets.
 */
record ErrorDocument(@Nullable String code, @Nullable String text) {

	static final ErrorDocument EMPTY = new ErrorDocument(null, null);

	/**
	 * Tell whether 3scale missed the credentials although they were sent, as it does when
	 * the service expects another kind ({@code protocol.md} 1.3).
	 */
	boolean missesCredentials() {
		return this.text != null && this.text.endsWith("is missing");
	}

}

package io.threescale.spring.client;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The {@code <error>} of {@code protocol.md} 4.6. Its text quotes secrets.
 */
record ErrorDocument(@Nullable String code, @JsonProperty(TEXT) @Nullable String text) {

	static final String TEXT = "text";

	static final ErrorDocument EMPTY = new ErrorDocument(null, null);

	/**
	 * Tell whether 3scale missed the credentials although they were sent, as it does when
	 * the service expects another kind ({@code protocol.md} 1.3).
	 */
	boolean missesCredentials() {
		return this.text != null && this.text.endsWith("is missing");
	}

}

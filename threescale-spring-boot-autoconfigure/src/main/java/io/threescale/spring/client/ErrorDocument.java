package io.threescale.spring.client;

import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.xml.annotation.JacksonXmlProperty;
import tools.jackson.dataformat.xml.annotation.JacksonXmlText;

/**
 * The {@code <error>} of {@code protocol.md} 4.6. Its text quotes secrets.
 */
record ErrorDocument(@JacksonXmlProperty(isAttribute = true) @Nullable String code,
		@JacksonXmlText @Nullable String text) {

	static final ErrorDocument EMPTY = new ErrorDocument(null, null);

	/**
	 * Tell whether 3scale missed the credentials although they were sent, as it does when
	 * the service expects another kind ({@code protocol.md} 1.3).
	 */
	boolean missesCredentials() {
		return this.text != null && this.text.endsWith("is missing");
	}

}

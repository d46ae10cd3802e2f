package io.threescale.spring.client.answer;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * What came back over HTTP.
 *
 * @param status the HTTP status
 * @param headers the headers
 * @param body the body; empty if there was none, it was cut off or it was too long
 * @param isWhole whether the body was read to its end
 * @since 0.1.0
 */
public record Answer(int status, HttpHeaders headers, byte[] body, boolean isWhole) {

	static final String REJECTION_REASON = "3scale-rejection-reason";

	private static final byte[] NO_BODY = {};

	Answer(int status, HttpHeaders headers, byte[] body) {
		this(status, headers, body, true);
	}

	/**
	 * Create an answer whose body is not read yet, and may never be.
	 * @param status the HTTP status
	 * @param headers the headers
	 * @return the answer
	 */
	public static Answer head(int status, HttpHeaders headers) {
		return new Answer(status, headers, NO_BODY, false);
	}

	/**
	 * Tell whether this can be an answer of 3scale's: anything between may answer 200
	 * with a page of its own.
	 */
	boolean isXml() {
		String contentType = this.headers.getFirst(HttpHeaders.CONTENT_TYPE);
		return contentType == null || contentType.startsWith(MediaType.APPLICATION_XML_VALUE)
				|| contentType.startsWith(MediaType.TEXT_XML_VALUE)
				|| contentType.contains("+xml") && !contentType.contains("html");
	}

	/**
	 * Return the same answer, whole.
	 * @param body the body that was read
	 * @return the answer
	 */
	public Answer with(byte[] body) {
		return new Answer(this.status, this.headers, body);
	}

	/**
	 * Return the same answer, whole, as it had no body.
	 * @return the answer
	 */
	public Answer withoutBody() {
		return with(NO_BODY);
	}

	boolean contains(String text) {
		return new String(this.body, StandardCharsets.ISO_8859_1).contains(text);
	}

	@Nullable Long number(String header) {
		String value = this.headers.getFirst(header);
		try {
			return (value != null) ? Long.valueOf(value.trim()) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

}

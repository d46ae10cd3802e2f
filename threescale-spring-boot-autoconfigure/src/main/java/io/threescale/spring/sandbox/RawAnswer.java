package io.threescale.spring.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer as it goes over the wire.
 *
 * @param status the HTTP status
 * @param headers the headers in order
 * @param body the body
 * @param close whether the connection is closed afterwards
 */
record RawAnswer(int status, Map<String, String> headers, String body, boolean close) {

	private static final String CONTENT_TYPE = "content-type";

	private static final String XML = "application/vnd.3scale-v2.0+xml";

	/** An answer of the application, which carries its usual headers. */
	static RawAnswer of(int status, String body) {
		Map<String, String> headers = common(XML);
		headers.put("content-security-policy", "default-src 'self'");
		headers.put("x-content-type-options", "nosniff");
		return new RawAnswer(status, headers, body, false);
	}

	/** An answer of the layer that catches errors, which knows fewer headers. */
	static RawAnswer error(int status, String body) {
		Map<String, String> headers = common(XML);
		headers.put("x-content-type-options", "nosniff");
		return new RawAnswer(status, headers, body, false);
	}

	/** An answer of the server around the application, without its headers. */
	static RawAnswer bare(int status, String body, boolean close) {
		return new RawAnswer(status, Map.of(), body, close);
	}

	private static Map<String, String> common(String contentType) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put(CONTENT_TYPE, contentType);
		headers.put("access-control-allow-origin", "*");
		headers.put("access-control-expose-headers", "ETag, Link, 3scale-rejection-reason");
		return headers;
	}

	RawAnswer withHeader(String name, String value) {
		return withHeaders(Map.of(name, value));
	}

	RawAnswer withHeaders(Map<String, String> added) {
		Map<String, String> all = new LinkedHashMap<>(this.headers);
		all.putAll(added);
		return new RawAnswer(this.status, all, this.body, this.close);
	}

	RawAnswer withoutContentType() {
		Map<String, String> all = new LinkedHashMap<>(this.headers);
		all.remove(CONTENT_TYPE);
		return new RawAnswer(this.status, all, this.body, this.close);
	}

	RawAnswer withContentType(String contentType) {
		return withHeader(CONTENT_TYPE, contentType);
	}

}

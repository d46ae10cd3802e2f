package io.threescale.spring.sandbox;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * A request as it came over the wire. Query and body keep a byte a character, as only
 * decoding tells whether they are UTF-8.
 *
 * @param method the HTTP method
 * @param path the decoded path without repeated slashes
 * @param query the raw query
 * @param headers the headers, repeated ones joined with a comma
 * @param body the raw body
 */
record RawRequest(String method, String path, String query, Map<String, String> headers, String body) {

	static RawRequest of(String method, String uri, Map<String, String> headers, String body) {
		int question = uri.indexOf('?');
		String path = (question < 0) ? uri : uri.substring(0, question);
		Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		byName.putAll(headers);
		return new RawRequest(method, path.replaceAll("(?i)%2f", "/").replaceAll("/{2,}", "/"),
				(question < 0) ? "" : uri.substring(question + 1), byName, body);
	}

	@Nullable String header(String name) {
		return this.headers.get(name);
	}

	boolean hasFormBody() {
		String type = header("content-type");
		return (type != null) ? isForm(type) : this.method.equals("POST");
	}

	private static boolean isForm(String type) {
		return type.split("[;,]", 2)[0].strip().equalsIgnoreCase("application/x-www-form-urlencoded");
	}

	/** Leaves out the query and the body, which carry keys. */
	@Override
	public String toString() {
		return "RawRequest[" + this.method + " " + this.path + "]";
	}

}

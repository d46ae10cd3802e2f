package io.threescale.spring.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.web.util.UriUtils;

/**
 * A request as it came over the wire. Query and body keep a byte a character, as only
 * decoding tells whether they are UTF-8.
 *
 * @param method the HTTP method
 * @param path the path as the backend matches it, decoded
 * @param query the raw query
 * @param headers the headers, repeated ones joined with a comma
 * @param body the raw body
 */
record RawRequest(String method, String path, String query, Map<String, String> headers, String body) {

	private static final String FORM = "application/x-www-form-urlencoded";

	private static final String MULTIPART = "multipart/form-data";

	private static final Pattern FOLDER = Pattern.compile("/\\.{0,2}$");

	static RawRequest of(String method, String uri, Map<String, String> headers, String body) {
		int question = uri.indexOf('?');
		String path = (question < 0) ? uri : uri.substring(0, question);
		Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		byName.putAll(headers);
		return new RawRequest(method, clean(path), (question < 0) ? "" : uri.substring(question + 1), byName, body);
	}

	/**
	 * Resolve dots, slashes and backslashes, encoded or not, as the protection against
	 * path traversal in front of the backend does, and then decode
	 * ({@code sinatra/sinatra:rack-protection/lib/rack/protection/path_traversal.rb}).
	 */
	private static String clean(String path) {
		String plain = path.replaceAll("(?i)%2e", ".").replaceAll("(?i)%2f|%5c|\\\\", "/");
		Deque<String> parts = new ArrayDeque<>();
		for (String part : plain.split("/")) {
			if (part.equals("..")) {
				parts.pollLast();
			}
			else if (!part.isEmpty() && !part.equals(".")) {
				parts.add(part);
			}
		}
		boolean folder = !parts.isEmpty() && FOLDER.matcher(plain).find();
		String cleaned = "/" + String.join("/", parts) + (folder ? "/" : "");
		try {
			return UriUtils.decode(cleaned, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return cleaned;
		}
	}

	@Nullable String header(String name) {
		return this.headers.get(name);
	}

	/** The content type without its parameters; empty if there is none. */
	String mediaType() {
		String type = this.headers.getOrDefault("content-type", "");
		return type.split("[;,]", 2)[0].strip().toLowerCase(Locale.ROOT);
	}

	boolean hasFormBody() {
		return mediaType().isEmpty() ? this.method.equals("POST") : mediaType().equals(FORM);
	}

	boolean hasMultipartBody() {
		return mediaType().equals(MULTIPART);
	}

	/** Leaves out the query and the body, which carry keys. */
	@Override
	public String toString() {
		return "RawRequest[" + this.method + " " + this.path + "]";
	}

}

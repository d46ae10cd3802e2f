package io.threescale.spring.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads a query string or form body within the bounds Rack sets
 * ({@code rack/rack:lib/rack/query_parser.rb}).
 */
final class ParameterReader {

	private static final int MAX_BYTES = 4 * 1024 * 1024;

	static final int MAX_PAIRS = 4096;

	// A character no valid UTF-8 decodes to: it marks what was not UTF-8.
	private static final String NOT_UTF8 = "\uDFFF";

	private final RuntimeException malformed;

	private ParameterReader(RuntimeException malformed) {
		this.malformed = malformed;
	}

	static Parameters query(String query) {
		return new ParameterReader(Refusal.unreadable("Invalid query parameters: invalid %-encoding")).read(query);
	}

	/** In a body a malformed escape is beyond what the backend catches. */
	static Parameters body(String body) {
		return new ParameterReader(new Halt(RawAnswer.bare(500, "", true))).read(body);
	}

	private Parameters read(String encoded) {
		if (encoded.length() > MAX_BYTES) {
			throw Refusal.unreadable("total query size exceeds limit (" + MAX_BYTES + ")");
		}
		long pairs = encoded.chars().filter((c) -> c == '&').count() + 1;
		if (pairs > MAX_PAIRS) {
			throw Refusal
				.unreadable("total number of query parameters (" + pairs + ") exceeds limit (" + MAX_PAIRS + ")");
		}
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		for (String pair : encoded.split("&")) {
			readPair(pair.stripLeading(), values);
		}
		return new Parameters(values);
	}

	static boolean isUtf8(Parameters parameters) {
		return !parameters.anyMatch((text) -> text.contains(NOT_UTF8));
	}

	private void readPair(String pair, Map<String, @Nullable Object> values) {
		if (pair.isEmpty()) {
			return;
		}
		int equals = pair.indexOf('=');
		String name = decode((equals < 0) ? pair : pair.substring(0, equals));
		String value = (equals < 0) ? null : decode(pair.substring(equals + 1));
		ParameterNesting.put(values, name, value);
	}

	private String decode(String encoded) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
		for (int i = 0; i < encoded.length(); i++) {
			char c = encoded.charAt(i);
			if (c == '%') {
				bytes.write(octet(encoded, i));
				i += 2;
			}
			else {
				bytes.write((c == '+') ? ' ' : c);
			}
		}
		return utf8(bytes.toByteArray());
	}

	static String utf8(byte[] bytes) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			return NOT_UTF8;
		}
	}

	private int octet(String encoded, int percent) {
		int high = (percent + 2 < encoded.length()) ? Character.digit(encoded.charAt(percent + 1), 16) : -1;
		int low = (percent + 2 < encoded.length()) ? Character.digit(encoded.charAt(percent + 2), 16) : -1;
		if (high < 0 || low < 0) {
			throw this.malformed;
		}
		return high * 16 + low;
	}

}

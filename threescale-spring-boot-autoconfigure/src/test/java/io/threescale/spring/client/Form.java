package io.threescale.spring.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads a query or a form body as a backend does, but strictly, and without a line of the
 * code under test.
 */
final class Form {

	private Form() {
	}

	/**
	 * A decoded name and value.
	 */
	record Pair(String name, String value) {
	}

	/**
	 * Decode pairs and sort them, so that two lists are equal if the same parameters were
	 * sent, each as often.
	 */
	static List<Pair> parse(String encoded) {
		List<Pair> pairs = new ArrayList<>();
		for (String pair : encoded.split("&")) {
			if (!pair.isEmpty()) {
				int equals = pair.indexOf('=');
				if (equals < 0) {
					throw new IllegalArgumentException("No value in " + pair);
				}
				pairs.add(new Pair(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1))));
			}
		}
		pairs.sort(Comparator.comparing(Pair::name).thenComparing(Pair::value));
		return pairs;
	}

	private static String decode(String text) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		for (int i = 0; i < text.length(); i++) {
			if (text.charAt(i) == '%') {
				bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
				i += 2;
			}
			else {
				byte[] plain = String.valueOf((text.charAt(i) == '+') ? ' ' : text.charAt(i))
					.getBytes(StandardCharsets.UTF_8);
				bytes.write(plain, 0, plain.length);
			}
		}
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
		}
		catch (CharacterCodingException ex) {
			throw new IllegalArgumentException("Not UTF-8: " + text, ex);
		}
	}

}

package io.threescale.spring.client.answer;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.threescale.spring.Authorization;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.Usage;

import org.springframework.http.HttpHeaders;

/**
 * Whatever answers us: what comes of it is a decision or one of our exceptions, and only
 * a 200 grants, only a 202 accepts.
 */
public final class AnswerFuzzer {

	private static final List<Operation> OPERATIONS = List.of(Operation.values());

	private static final AnswerInterpreter interpreter = new AnswerInterpreter();

	private AnswerFuzzer() {
	}

	/**
	 * Read one answer.
	 * @param data the status, the number of the operation, headers and a body, like an
	 * HTTP message
	 */
	public static void fuzzerTestOneInput(byte[] data) {
		String text = new String(data, StandardCharsets.ISO_8859_1);
		int end = text.indexOf("\n\n");
		if (!text.matches("(?s)[1-5]\\d\\d \\d\n.*") || end < 0) {
			return;
		}
		HttpHeaders headers = new HttpHeaders();
		text.substring(0, end).lines().skip(1).forEach((line) -> {
			String[] header = line.split(":", 2);
			headers.add(header[0], header[header.length - 1]);
		});
		byte[] body = text.substring(end + 2).getBytes(StandardCharsets.ISO_8859_1);
		Operation operation = OPERATIONS.get(Character.digit(text.charAt(4), 10) % OPERATIONS.size());
		try {
			read(operation, new Answer(Integer.parseInt(text.substring(0, 3)), headers, body, body.length % 2 == 0));
		}
		catch (ThreeScaleException ex) {
			return;
		}
	}

	private static void read(Operation operation, Answer answer) {
		if (operation == Operation.REPORT) {
			interpreter.accepted(answer);
			expect(answer.status() == 202, answer);
			return;
		}
		Authorization authorization = interpreter.authorization(operation, Usage.HIT, answer);
		expect(!authorization.isGranted() || answer.status() == 200, answer);
		authorization.usageReports().forEach(Object::toString);
	}

	private static void expect(boolean held, Answer answer) {
		if (!held) {
			throw new AssertionError("Status " + answer.status() + " is taken for a yes: "
					+ new String(answer.body(), StandardCharsets.ISO_8859_1));
		}
	}

}

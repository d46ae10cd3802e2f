package io.threescale.spring.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request somebody sent to a real 3scale, and its answer.
 *
 * @param name the name of the recording
 * @param method the HTTP method
 * @param path the path, as sent
 * @param query the query, as sent
 * @param body the body, as sent
 * @param cut whether the recording has only the beginning of the body
 * @param headers the headers
 * @param answer what came back
 */
public record RecordedExchange(String name, String method, String path, String query, String body, boolean cut,
		List<Header> headers, RecordedAnswer answer) {

	private static final JsonMapper JSON = new JsonMapper();

	/**
	 * What came back.
	 */
	public record RecordedAnswer(int status, List<Header> headers, byte[] body) {

		String text() {
			return new String(this.body, StandardCharsets.UTF_8);
		}

		String header(String name) {
			return RecordedExchange.header(this.headers, name);
		}

	}

	/**
	 * A header.
	 */
	public record Header(String name, String value) {
	}

	public static RecordedExchange named(String name) {
		return read(directory().resolve(name + ".json"));
	}

	static Stream<RecordedExchange> all() {
		try (Stream<Path> files = Files.list(directory())) {
			return files.filter((file) -> file.toString().endsWith(".json"))
				.sorted()
				.map(RecordedExchange::read)
				.toList()
				.stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path directory() {
		try {
			return Path.of(Objects.requireNonNull(RecordedExchange.class.getResource("/exchanges")).toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static RecordedExchange read(Path file) {
		JsonNode json = JSON.readTree(file.toFile());
		JsonNode request = json.get("request");
		String[] target = request.get("path_and_query").asString().split("\\?", 2);
		JsonNode response = json.get("response");
		return new RecordedExchange(json.get("name").asString(), request.get("method").asString(), target[0],
				(target.length > 1) ? target[1] : "", new String(body(request), StandardCharsets.UTF_8),
				request.has("body_truncated_from_length"), headers(request),
				new RecordedAnswer(response.get("status").asInt(), headers(response), body(response)));
	}

	private static byte[] body(JsonNode message) {
		JsonNode base64 = message.get("body_base64");
		if (base64 != null) {
			return Base64.getDecoder().decode(base64.asString());
		}
		return message.path("body").asString("").getBytes(StandardCharsets.UTF_8);
	}

	private static List<Header> headers(JsonNode message) {
		List<Header> headers = new ArrayList<>();
		for (JsonNode header : message.get("headers")) {
			headers.add(new Header(header.get(0).asString(), header.get(1).asString()));
		}
		return headers;
	}

	List<Form.Pair> parameters() {
		return Form.parse(this.query + "&" + this.body);
	}

	String contentType() {
		return header(this.headers, "Content-Type");
	}

	/**
	 * Return the pairs of the {@code 3scale-options} header.
	 */
	List<Form.Pair> options() {
		String options = header(this.headers, "3scale-options");
		return (options != null) ? Form.parse(options) : List.of();
	}

	private static String header(List<Header> headers, String name) {
		return headers.stream()
			.filter((header) -> header.name().equalsIgnoreCase(name))
			.map(Header::value)
			.findFirst()
			.orElse(null);
	}

	@Override
	public String toString() {
		return this.name;
	}

}

package io.threescale.spring.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request to a real 3scale, its answer, and what came of it.
 */
record Exchange(String name, JsonNode recorded) {

	private static final Pattern WORKER_TIME = Pattern.compile("\\[(\\S+ \\S+) UTC]");

	private static final Pattern MINUTE = Pattern.compile("period=\"minute\"[^>]*><period_start>([^<]*) \\+0000<");

	private static final Pattern TIMESTAMP = Pattern.compile("&transactions%5B0%5D%5Btimestamp%5D=([^&]*)");

	static List<Exchange> all() {
		try (Stream<Path> files = Files.list(Path.of("src/test/resources/exchanges"))) {
			return files.filter((file) -> file.toString().endsWith(".json"))
				.map(Exchange::read)
				.sorted(Comparator.comparingInt((exchange) -> exchange.recorded.path("order").asInt()))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Exchange read(Path file) {
		JsonNode recorded = JsonMapper.shared().readTree(file.toFile());
		return new Exchange(recorded.path("name").asString(), recorded);
	}

	RawHttp.Request request() {
		JsonNode request = this.recorded.path("request");
		List<Map.Entry<String, String>> headers = new ArrayList<>();
		request.path("headers")
			.forEach((header) -> headers.add(Map.entry(header.path(0).asString(), header.path(1).asString())));
		return new RawHttp.Request(request.path("method").asString(), request.path("path_and_query").asString(),
				this.name.equals("http10") ? "1.0" : "1.1", headers, body(request, headers));
	}

	private static byte[] body(JsonNode request, List<Map.Entry<String, String>> headers) {
		if (request.has("body_base64")) {
			return Base64.getDecoder().decode(request.path("body_base64").asString());
		}
		String body = request.path("body").asString("");
		int length = headers.stream()
			.filter((header) -> header.getKey().equals("Content-Length"))
			.mapToInt((header) -> Integer.parseInt(header.getValue()))
			.findFirst()
			.orElse(0);
		return complete(body, length).getBytes(StandardCharsets.UTF_8);
	}

	/** Long bodies were cut when they were recorded; what is missing repeats itself. */
	private static String complete(String body, int length) {
		if (body.getBytes(StandardCharsets.UTF_8).length >= length) {
			return body;
		}
		if (body.endsWith("aaa")) {
			return body + "a".repeat(length - body.length());
		}
		Matcher timestamp = TIMESTAMP.matcher(body);
		String time = timestamp.find() ? timestamp.group(1) : null;
		StringBuilder complete = new StringBuilder("service_token=st1&service_id=1001");
		for (int i = 0; complete.length() < length; i++) {
			String transaction = "&transactions%5B" + i + "%5D%5B";
			complete.append(transaction).append("user_key%5D=uk-rep");
			complete.append(transaction).append("usage%5D%5Bhits%5D=1");
			complete.append((time != null) ? transaction + "timestamp%5D=" + earlier(time, i) : "");
		}
		return complete.toString();
	}

	/** Each transaction was a second older than the one before. */
	private static String earlier(String time, int seconds) {
		String pattern = "yyyy-MM-dd'%20'HH'%3A'mm'%3A'ss";
		Instant first = at(pattern, time.replace("%20%2B0000", ""));
		return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
			.withZone(ZoneOffset.UTC)
			.format(first.minusSeconds(seconds)) + "%20%2B0000";
	}

	RawHttp.Response response() {
		JsonNode response = this.recorded.path("response");
		Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		response.path("headers").forEach((header) -> headers.put(header.path(0).asString(), header.path(1).asString()));
		String body = response.has("body_base64")
				? new String(Base64.getDecoder().decode(response.path("body_base64").asString()),
						StandardCharsets.UTF_8)
				: response.path("body").asString("");
		return new RawHttp.Response(response.path("status").asInt(), headers, body,
				response.path("connection_closed_by_server").asBoolean());
	}

	/** The time by which the exchange took place, if anything in it tells. */
	@Nullable Instant time() {
		Matcher minute = MINUTE.matcher(this.recorded.path("response").path("body").asString(""));
		if (minute.find()) {
			long left = Long.parseLong(response().headers().getOrDefault("3scale-limit-reset", "-1"));
			return at("yyyy-MM-dd HH:mm:ss", minute.group(1)).plusSeconds((left > 0) ? 60 - left : 0);
		}
		Matcher worker = WORKER_TIME.matcher(this.recorded.path("effect").path("worker_log").toString());
		return worker.find() ? at("dd/MMM/yyyy HH:mm:ss", worker.group(1)) : null;
	}

	private static Instant at(String pattern, String text) {
		return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC).parse(text, Instant::from);
	}

	/** The codes of the integration errors it caused, if that was looked at. */
	@Nullable List<String> errors() {
		JsonNode stored = this.recorded.path("effect").path("service_errors_stored");
		return stored.isArray() ? stored.valueStream().map((error) -> error.path("code").asString()).toList() : null;
	}

	/** An authorize that was made afterwards. */
	RawHttp.@Nullable Request followUp() {
		JsonNode then = this.recorded.path("effect").path("then_authorize");
		return then.isMissingNode() ? null : RawHttp.Request.get(then.path("path").asString());
	}

	RawHttp.Response followUpResponse() {
		JsonNode then = this.recorded.path("effect").path("then_authorize");
		return new RawHttp.Response(then.path("status").asInt(), Map.of(), then.path("body").asString(), false);
	}

	@Override
	public String toString() {
		return this.name;
	}

}

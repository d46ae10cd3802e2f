package io.threescale.spring.sandbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A headless Chromium, told what to do by its DevTools protocol.
 */
final class Chromium implements WebSocket.Listener, AutoCloseable {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();

	private final List<JsonNode> events = new CopyOnWriteArrayList<>();

	private final AtomicInteger ids = new AtomicInteger();

	private final StringBuilder incoming = new StringBuilder();

	private final HttpClient http = HttpClient.newHttpClient();

	private final Process process;

	private final WebSocket page;

	private Chromium(Path executable, Path profile) throws Exception {
		this.process = new ProcessBuilder(executable.toString(), "--headless=new", "--no-sandbox", "--disable-gpu",
				"--no-first-run", "--disable-background-networking", "--disable-component-update",
				"--remote-debugging-port=0", "--window-size=1100,1000", "--user-data-dir=" + profile, "about:blank")
			.redirectErrorStream(true)
			.start();
		this.page = this.http.newWebSocketBuilder().buildAsync(pageAddress(), this).get(1, TimeUnit.MINUTES);
	}

	/** The executable, if there is one on this machine. */
	static Optional<Path> executable() {
		return Stream.of(System.getenv("PATH").split(":"))
			.flatMap((folder) -> Stream.of("chromium", "chromium-browser", "google-chrome")
				.map((name) -> Path.of(folder, name)))
			.filter(Files::isExecutable)
			.findFirst();
	}

	static Chromium start(Path executable, Path profile) throws Exception {
		return new Chromium(executable, profile);
	}

	private URI pageAddress() throws IOException, InterruptedException {
		BufferedReader output = this.process.inputReader();
		String line = output.readLine();
		while (line != null && !line.contains("DevTools listening on ")) {
			line = output.readLine();
		}
		String browser = String.valueOf(line).substring(String.valueOf(line).indexOf("ws://"));
		URI list = URI.create("http://127.0.0.1:" + URI.create(browser).getPort() + "/json/list");
		JsonNode targets = JsonMapper.shared()
			.readTree(this.http.send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString()).body());
		return targets.valueStream()
			.filter((target) -> target.path("type").asString().equals("page"))
			.map((target) -> URI.create(target.path("webSocketDebuggerUrl").asString()))
			.findFirst()
			.orElseThrow();
	}

	@Override
	public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
		this.incoming.append(data);
		if (last) {
			JsonNode message = JsonMapper.shared().readTree(this.incoming.toString());
			this.incoming.setLength(0);
			CompletableFuture<JsonNode> answer = this.answers.remove(message.path("id").asInt(-1));
			if (answer != null) {
				answer.complete(message);
			}
			else {
				this.events.add(message);
			}
		}
		socket.request(1);
		return CompletableFuture.completedFuture(null);
	}

	JsonNode tell(String method, Map<String, ?> parameters) {
		int id = this.ids.incrementAndGet();
		CompletableFuture<JsonNode> answer = new CompletableFuture<>();
		this.answers.put(id, answer);
		this.page.sendText(
				JsonMapper.shared().writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true);
		return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join().path("result");
	}

	/** What the browser told by itself. */
	List<JsonNode> events(String method) {
		return this.events.stream()
			.filter((event) -> event.path("method").asString().equals(method))
			.map((event) -> event.path("params"))
			.toList();
	}

	String evaluate(String script) {
		return tell("Runtime.evaluate", Map.of("expression", "String(" + script + ")")).path("result")
			.path("value")
			.asString();
	}

	void press(String key, int code) {
		for (String type : List.of("keyDown", "keyUp")) {
			tell("Input.dispatchKeyEvent", Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code,
					"text", key.equals("Enter") ? "\r" : ""));
		}
	}

	/** Ends when the browser has, which writes to its profile until then. */
	@Override
	public void close() {
		tell("Browser.close", Map.of());
		this.process.onExit()
			.completeOnTimeout(this.process, PATIENCE.toSeconds(), TimeUnit.SECONDS)
			.thenAccept(Process::destroyForcibly)
			.join();
	}

}

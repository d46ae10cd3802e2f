package io.threescale.spring.soak;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.threescale.spring.Period;
import io.threescale.spring.sandbox.SandboxApplication;
import io.threescale.spring.sandbox.SandboxLimit;
import io.threescale.spring.sandbox.SandboxMetric;
import io.threescale.spring.sandbox.SandboxService;
import io.threescale.spring.sandbox.SandboxWorld;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The sandbox in a JVM of its own, so that what it remembers is no leak of the
 * application. It is told to fail, and asked what it counted, as by its page.
 */
final class BackendProcess implements AutoCloseable {

	static final List<String> KEYS = List.of("customer-1", "customer-2", "customer-3");

	private final HttpClient http = HttpClient.newHttpClient();

	private final Process process;

	private final URI uri;

	private final Map<String, Long> unanswered = new HashMap<>();

	private BackendProcess(Process process) throws IOException {
		this.process = process;
		this.uri = URI.create(process.inputReader().readLine());
	}

	static BackendProcess start() throws IOException {
		return new BackendProcess(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx256m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
				BackendProcess.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start());
	}

	public static void main(String[] args) throws IOException {
		SandboxService service = SandboxService.userKey("token")
			.withMetrics(SandboxMetric.of("hits", "limited"))
			.withPlan("basic", SandboxLimit.of("limited", Period.MINUTE, 60));
		for (String key : KEYS) {
			service = service.withApplication(SandboxApplication.userKey(key));
		}
		try (ThreeScaleSandbox sandbox = ThreeScaleSandbox
			.start(SandboxWorld.of("strict", service).withService("predictive", service))) {
			System.out.println(sandbox.uri());
			System.in.read();
		}
	}

	URI uri() {
		return this.uri;
	}

	/**
	 * Fail all calls for some time.
	 */
	void fail(String fault, Duration time) throws IOException, InterruptedException {
		Map<String, Long> before = change("fail?fault=" + fault);
		Thread.sleep(time.toMillis());
		change("recover")
			.forEach((service, after) -> this.unanswered.merge(service, after - before.get(service), Long::sum));
	}

	/**
	 * Return the units that a service has counted for calls whose answer was lost.
	 */
	long unanswered(String service) {
		return this.unanswered.getOrDefault(service, 0L);
	}

	/**
	 * Return the units that a service has counted, of all metrics.
	 */
	long counted(String service) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(this.uri.resolve("/sandbox/state"))).getOrDefault(service, 0L);
	}

	private Map<String, Long> change(String change) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(this.uri.resolve("/sandbox/" + change))
			.header("X-Threescale-Sandbox", "1")
			.POST(BodyPublishers.noBody()));
	}

	/**
	 * Return what each service has counted at the moment of a request.
	 */
	private Map<String, Long> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		HttpResponse<String> response = this.http.send(request.build(), BodyHandlers.ofString());
		if (response.statusCode() != 200) {
			throw new IllegalStateException("The sandbox answers " + response.statusCode() + ": " + response.body());
		}
		Map<String, Long> counted = new HashMap<>();
		for (JsonNode application : JsonMapper.shared().readTree(response.body()).path("applications")) {
			for (JsonNode counter : application.path("counters")) {
				if (counter.path("metric").asString().equals("hits")) {
					counted.merge(application.path("service").asString(),
							Long.parseLong(counter.path("used").asString()), Long::sum);
				}
			}
		}
		return counted;
	}

	@Override
	public void close() throws IOException {
		this.process.outputWriter().close();
		this.process.onExit().completeOnTimeout(this.process, 10, TimeUnit.SECONDS).join().destroyForcibly();
	}

}

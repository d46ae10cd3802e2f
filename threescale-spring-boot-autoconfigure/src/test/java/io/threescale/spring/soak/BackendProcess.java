package io.threescale.spring.soak;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
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

	void fail(String fault) throws IOException, InterruptedException {
		change("fail?fault=" + fault);
	}

	void recover() throws IOException, InterruptedException {
		change("recover");
	}

	private void change(String change) throws IOException, InterruptedException {
		send(HttpRequest.newBuilder(this.uri.resolve("/sandbox/" + change))
			.header("X-Threescale-Sandbox", "1")
			.POST(BodyPublishers.noBody()));
	}

	/**
	 * Return the units that a service has counted, of all metrics.
	 */
	long counted(String service) throws IOException, InterruptedException {
		JsonNode state = JsonMapper.shared().readTree(send(HttpRequest.newBuilder(this.uri.resolve("/sandbox/state"))));
		long counted = 0;
		for (JsonNode application : state.path("applications")) {
			for (JsonNode counter : application.path("counters")) {
				boolean all = counter.path("metric").asString().equals("hits") && counter.path("max").isNull();
				counted += (all && application.path("service").asString().equals(service))
						? Long.parseLong(counter.path("used").asString()) : 0;
			}
		}
		return counted;
	}

	private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
		HttpResponse<String> response = this.http.send(request.build(), BodyHandlers.ofString());
		if (response.statusCode() >= 300) {
			throw new IllegalStateException("The sandbox answers " + response.statusCode() + ": " + response.body());
		}
		return response.body();
	}

	@Override
	public void close() throws IOException {
		this.process.outputWriter().close();
		this.process.onExit().completeOnTimeout(this.process, 10, TimeUnit.SECONDS).join().destroyForcibly();
	}

}

package io.threescale.spring.endtoend;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import io.threescale.spring.Period;
import io.threescale.spring.client.http.LoopbackBackend;
import io.threescale.spring.sandbox.SandboxApplication;
import io.threescale.spring.sandbox.SandboxLimit;
import io.threescale.spring.sandbox.SandboxOperation;
import io.threescale.spring.sandbox.SandboxService;
import io.threescale.spring.sandbox.SandboxWorld;
import io.threescale.spring.sandbox.ThreeScaleSandbox;

/**
 * Compares a metered endpoint with the same endpoint unmetered, and that with a second
 * unmetered copy, in rounds that take turns; in strict mode with one that is metered
 * naively, too. The application has a JVM of its own; what stands for 3scale and the
 * client share this one.
 */
final class EndToEndLoad {

	private static final int ROUNDS = Integer.getInteger("rounds", 20);

	private static final int WARM_UP = Integer.getInteger("warmUp", 24);

	private static final int CONNECTIONS = 64;

	/** With more, the compiler of the JVM waits behind the threads of the server. */
	private static final int WARM_UP_CONNECTIONS = 2;

	private static final int APPLICATIONS = 100;

	private static final Duration FULL = Duration.ofMillis(1500);

	private static final Duration PACED = Duration.ofMillis(1000);

	/** Each connection; 2,000 calls a second in all. */
	private static final Duration PACE = Duration.ofMillis(32);

	private static final List<String> KEYS = IntStream.range(100, 100 + APPLICATIONS)
		.mapToObj((number) -> "0123456789abcdef0123456789abc" + number)
		.toList();

	private EndToEndLoad() {
	}

	public static void main(String[] args) throws IOException {
		compareStrict();
		comparePredictive("platform threads", "spring.threads.virtual.enabled=false");
		if (Runtime.version().feature() >= 21) {
			comparePredictive("virtual threads", "spring.threads.virtual.enabled=true");
		}
	}

	private static void compareStrict() throws IOException {
		LoopbackBackend backend = new LoopbackBackend();
		try (ChildJvm application = application(backend.url(), "strict")) {
			System.out.println("strict, platform threads, Java " + Runtime.version() + ":");
			compare(List.of(Variant.values()), application);
		}
		finally {
			backend.close();
		}
	}

	private static void comparePredictive(String name, String property) throws IOException {
		try (ThreeScaleSandbox sandbox = sandbox()) {
			long calls;
			try (ChildJvm application = application(sandbox.uri(), "predictive", property)) {
				System.out.println("predictive, " + name + ", Java " + Runtime.version() + ":");
				int before = backendCalls(sandbox);
				calls = compare(List.of(Variant.METERED, Variant.UNMETERED, Variant.COPY), application);
				System.out.printf("  %.3f backend calls per 1,000 metered calls of %d applications%n",
						1000.0 * (backendCalls(sandbox) - before) / calls, APPLICATIONS);
			}
			long counted = KEYS.stream().mapToLong((key) -> sandbox.usage(key, "hits")).sum();
			System.out.printf("  metered calls %,d, counted at the backend %,d%n", calls, counted);
		}
	}

	/**
	 * Return how many metered calls there were.
	 */
	private static long compare(List<Variant> variants, ChildJvm application) throws IOException {
		long calls = warmUp(variants, application);
		List<Map<Variant, Figures>> rounds = new ArrayList<>();
		List<Variant> order = new ArrayList<>(variants);
		Random random = new Random(1);
		try (LoadClient client = new LoadClient(application.port(), CONNECTIONS)) {
			Map<Variant, LoadClient.Endpoint> endpoints = endpoints(variants, client);
			for (int i = 0; i < ROUNDS; i++) {
				Collections.shuffle(order, random);
				Map<Variant, Figures> round = new EnumMap<>(Variant.class);
				for (Variant variant : order) {
					round.put(variant, measure(application, client, endpoints.get(variant)));
				}
				calls += round.get(Variant.METERED).calls();
				rounds.add(round);
			}
		}
		print(variants, rounds);
		return calls + 2;
	}

	/**
	 * Return how many metered calls there were.
	 */
	private static long warmUp(List<Variant> variants, ChildJvm application) throws IOException {
		long calls = 0;
		try (LoadClient client = new LoadClient(application.port(), WARM_UP_CONNECTIONS)) {
			Map<Variant, LoadClient.Endpoint> endpoints = endpoints(variants, client);
			for (int i = 0; i < WARM_UP; i++) {
				for (Variant variant : variants) {
					int warming = client.run(endpoints.get(variant), FULL, Duration.ZERO).calls();
					calls += (variant == Variant.METERED) ? warming : 0;
				}
			}
		}
		return calls;
	}

	/**
	 * Each is called once, to see how long its answer is.
	 */
	private static Map<Variant, LoadClient.Endpoint> endpoints(List<Variant> variants, LoadClient client)
			throws IOException {
		Map<Variant, LoadClient.Endpoint> endpoints = new EnumMap<>(Variant.class);
		for (Variant variant : variants) {
			endpoints.put(variant, client.endpoint(variant.path, KEYS));
		}
		return endpoints;
	}

	private static Figures measure(ChildJvm application, LoadClient client, LoadClient.Endpoint endpoint)
			throws IOException {
		Duration before = application.cpu();
		LoadClient.Round full = client.run(endpoint, FULL, Duration.ZERO);
		double cpu = application.cpu().minus(before).toNanos() / 1e3 / full.calls();
		LoadClient.Round paced = client.run(endpoint, PACED, PACE);
		return new Figures(full.callsPerSecond(), cpu, full.p50Micros(), paced.p50Micros(),
				full.calls() + paced.calls());
	}

	private static void print(List<Variant> variants, List<Map<Variant, Figures>> rounds) {
		for (Variant variant : variants) {
			System.out.printf("  %-9s %s calls/s, CPU %s us/call, p50 at full load %s us, paced %s us%n", variant,
					sample(rounds, variant, Figures::callsPerSecond).text("%.0f"),
					sample(rounds, variant, Figures::cpuMicros).text("%.1f"),
					sample(rounds, variant, Figures::fullP50).text("%.0f"),
					sample(rounds, variant, Figures::pacedP50).text("%.0f"));
		}
		for (Variant variant : variants) {
			System.out.printf(
					"  %-9s to unmetered: throughput x %s, added CPU %s us/call, added p50 at full load %s us, paced %s us%n",
					variant,
					new Sample(rounds.stream()
						.map((round) -> round.get(variant).callsPerSecond()
								/ round.get(Variant.UNMETERED).callsPerSecond())
						.toList())
						.text("%.4f"),
					added(rounds, variant, Figures::cpuMicros).text("%.2f"),
					added(rounds, variant, Figures::fullP50).text("%.1f"),
					added(rounds, variant, Figures::pacedP50).text("%.1f"));
		}
	}

	private static Sample sample(List<Map<Variant, Figures>> rounds, Variant variant,
			ToDoubleFunction<Figures> figure) {
		return new Sample(rounds.stream().map((round) -> figure.applyAsDouble(round.get(variant))).toList());
	}

	private static Sample added(List<Map<Variant, Figures>> rounds, Variant variant, ToDoubleFunction<Figures> figure) {
		return new Sample(rounds.stream()
			.map((round) -> figure.applyAsDouble(round.get(variant))
					- figure.applyAsDouble(round.get(Variant.UNMETERED)))
			.toList());
	}

	private static int backendCalls(ThreeScaleSandbox sandbox) {
		return Arrays.stream(SandboxOperation.values()).mapToInt(sandbox::requests).sum();
	}

	private static ThreeScaleSandbox sandbox() {
		SandboxService service = SandboxService.userKey("token")
			.withPlan("basic", SandboxLimit.of("hits", Period.MINUTE, 1_000_000_000_000L),
					SandboxLimit.of("hits", Period.DAY, 1_000_000_000_000L));
		for (String key : KEYS) {
			service = service.withApplication(SandboxApplication.userKey(key));
		}
		return ThreeScaleSandbox.start(SandboxWorld.of("1001", service));
	}

	/**
	 * The first calls wait for as long as it takes: a cold application on a busy machine
	 * may not decide within the second it would have.
	 */
	private static ChildJvm application(URI backend, String mode, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.addAll(List.of("threescale.mode=" + mode, "threescale.url=" + backend, "threescale.service-id=1001",
				"threescale.service-token=token", "threescale.prediction.decision-timeout=20s", "threescale.connection.response-timeout=20s", "threescale.connection.total-timeout=20s"));
		return ChildJvm.start(ChildJvm.classPath(), all);
	}

	private enum Variant {

		METERED("/metered"), UNMETERED("/copyone"), COPY("/copytwo"), NAIVE("/naive");

		private final String path;

		Variant(String path) {
			this.path = path;
		}

	}

	private record Figures(double callsPerSecond, double cpuMicros, double fullP50, double pacedP50, int calls) {
	}

}

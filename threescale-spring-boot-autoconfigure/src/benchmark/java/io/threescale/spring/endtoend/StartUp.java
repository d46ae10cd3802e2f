package io.threescale.spring.endtoend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import io.threescale.spring.Period;
import io.threescale.spring.sandbox.SandboxApplication;
import io.threescale.spring.sandbox.SandboxLimit;
import io.threescale.spring.sandbox.SandboxService;
import io.threescale.spring.sandbox.SandboxWorld;
import io.threescale.spring.sandbox.ThreeScaleSandbox;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;

/**
 * Compares how long an application takes to start with the starter and without, and how
 * long its first calls take, each time in a fresh JVM.
 */
final class StartUp {

	private static final int STARTS = Integer.getInteger("starts", 15);

	/** How many call at the same time as soon as the application is ready. */
	private static final int CALLERS = Integer.getInteger("callers", 1);

	/** How long the application is left alone before, in milliseconds. */
	private static final long PAUSE = Long.getLong("pause", 0);

	private static final List<String> KEYS = IntStream.range(0, CALLERS).mapToObj((number) -> "key-" + number).toList();

	private StartUp() {
	}

	public static void main(String[] args) {
		Map<Variant, Figures> figures = new EnumMap<>(Variant.class);
		List<Variant> order = new ArrayList<>(Arrays.asList(Variant.values()));
		Random random = new Random(1);
		try (ThreeScaleSandbox sandbox = sandbox()) {
			for (int i = 0; i <= STARTS; i++) {
				Collections.shuffle(order, random);
				for (Variant variant : order) {
					Figures all = (i > 0) ? figures.computeIfAbsent(variant, (key) -> new Figures()) : new Figures();
					measure(variant, sandbox, all);
				}
			}
		}
		System.out.println("Java " + Runtime.version() + ", " + STARTS + " starts each, " + CALLERS + " callers, "
				+ PAUSE + " ms after:");
		figures.forEach((variant, values) -> values.print(variant.name(), figures.get(Variant.ABSENT)));
	}

	private static void measure(Variant variant, ThreeScaleSandbox sandbox, Figures figures) {
		List<String> properties = new ArrayList<>(variant.properties);
		properties.add("threescale.url=" + sandbox.uri());
		try (ChildJvm application = ChildJvm.start(variant.classPath, properties)) {
			figures.millis.add(application.startMillis());
			figures.cpuMillis.add(application.startCpuMillis());
			figures.threads.addAll(application.threads());
			LockSupport.parkNanos(PAUSE * 1_000_000);
			FirstCalls calls = FirstCalls.of(application.port(), KEYS, CALLERS);
			figures.callMillis.add(calls.millis());
			figures.failed += calls.failed();
		}
	}

	private static ThreeScaleSandbox sandbox() {
		SandboxService service = SandboxService.userKey("token")
			.withPlan("basic", SandboxLimit.of("hits", Period.MINUTE, 1_000_000));
		for (String key : KEYS) {
			service = service.withApplication(SandboxApplication.userKey(key));
		}
		return ThreeScaleSandbox.start(SandboxWorld.of("1001", service));
	}

	private static final class Figures {

		private final List<Double> millis = new ArrayList<>();

		private final List<Double> cpuMillis = new ArrayList<>();

		private final List<Double> callMillis = new ArrayList<>();

		private final Set<String> threads = new TreeSet<>();

		private long failed;

		private void print(String name, Figures without) {
			Sample start = new Sample(this.millis);
			Sample cpu = new Sample(this.cpuMillis);
			Set<String> more = new TreeSet<>(this.threads);
			more.removeAll(without.threads);
			System.out.printf("  %-10s %s ms, %+.0f ms, CPU %s ms, %+.0f ms, more threads than without: %s%n", name,
					start.text("%.0f"), start.median() - new Sample(without.millis).median(), cpu.text("%.0f"),
					cpu.median() - new Sample(without.cpuMillis).median(), more);
			System.out.printf("             first calls %s ms, %d failed%n", new Sample(this.callMillis).text("%.0f"),
					this.failed);
		}

	}

	private enum Variant {

		/** Nothing of the starter on the class path. */
		ABSENT(ChildJvm.classPathWithoutStarter(), List.of()),

		/** The starter is there, its auto-configurations are excluded. */
		EXCLUDED(ChildJvm.classPathWithStarter(), List.of(exclusion())),

		STRICT(ChildJvm.classPathWithStarter(), service("strict")),

		PREDICTIVE(ChildJvm.classPathWithStarter(), service("predictive"));

		private final String classPath;

		private final List<String> properties;

		Variant(String classPath, List<String> properties) {
			this.classPath = classPath;
			this.properties = properties;
		}

		private static List<String> service(String mode) {
			return List.of("threescale.service-id=1001", "threescale.service-token=token", "threescale.mode=" + mode);
		}

		private static String exclusion() {
			return "spring.autoconfigure.exclude="
					+ StreamSupport.stream(ImportCandidates.load(AutoConfiguration.class, null).spliterator(), false)
						.filter((name) -> name.startsWith("io.threescale."))
						.collect(Collectors.joining(","));
		}

	}

}

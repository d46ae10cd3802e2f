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

/**
 * Compares how long an application takes to start with the starter and without, each time
 * in a fresh JVM.
 */
final class StartUp {

	private static final int STARTS = Integer.getInteger("starts", 15);

	private static final List<String> SERVICE = List.of("threescale.url=http://127.0.0.1:9",
			"threescale.service-id=1001", "threescale.service-token=token");

	private StartUp() {
	}

	public static void main(String[] args) {
		Map<Variant, List<Double>> millis = new EnumMap<>(Variant.class);
		Map<Variant, Set<String>> threads = new EnumMap<>(Variant.class);
		List<Variant> order = new ArrayList<>(Arrays.asList(Variant.values()));
		Random random = new Random(1);
		for (int i = 0; i <= STARTS; i++) {
			Collections.shuffle(order, random);
			for (Variant variant : order) {
				try (ChildJvm application = ChildJvm.start(variant.classPath, variant.properties)) {
					if (i > 0) {
						millis.computeIfAbsent(variant, (key) -> new ArrayList<>()).add(application.startMillis());
					}
					threads.computeIfAbsent(variant, (key) -> new TreeSet<>()).addAll(application.threads());
				}
			}
		}
		System.out.println("Java " + Runtime.version() + ", " + STARTS + " starts each:");
		Sample without = new Sample(millis.get(Variant.ABSENT));
		millis.forEach((variant, values) -> {
			Sample sample = new Sample(values);
			Set<String> more = new TreeSet<>(threads.get(variant));
			more.removeAll(threads.get(Variant.ABSENT));
			System.out.printf("  %-10s %s ms, %+.0f ms, threads %d, more than without: %s%n", variant,
					sample.text("%.0f"), sample.median() - without.median(), threads.get(variant).size(), more);
		});
	}

	private enum Variant {

		/** Nothing of the starter on the class path. */
		ABSENT(ChildJvm.classPathWithoutStarter(), List.of()),

		/** The starter is there, its auto-configurations are excluded. */
		EXCLUDED(ChildJvm.classPath(), List.of(exclusion())),

		STRICT(ChildJvm.classPath(), SERVICE),

		PREDICTIVE(ChildJvm.classPath(), predictive());

		private final String classPath;

		private final List<String> properties;

		Variant(String classPath, List<String> properties) {
			this.classPath = classPath;
			this.properties = properties;
		}

		private static List<String> predictive() {
			List<String> properties = new ArrayList<>(SERVICE);
			properties.add("threescale.mode=predictive");
			return properties;
		}

		private static String exclusion() {
			String names = "JacksonXml,ThreeScaleBackend,ThreeScaleCircuitBreaker,ThreeScaleClient,ThreeScaleMetering,"
					+ "ThreeScaleMetrics,ThreeScalePredictive,ThreeScaleSandbox,ThreeScaleServices,ThreeScaleWebFlux,ThreeScaleWebMvc";
			return "spring.autoconfigure.exclude=" + String.join(",",
					Arrays.stream(names.split(","))
						.map((name) -> "io.threescale.spring.autoconfigure." + name + "AutoConfiguration")
						.toList());
		}

	}

}

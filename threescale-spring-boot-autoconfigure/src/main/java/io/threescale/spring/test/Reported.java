package io.threescale.spring.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.threescale.spring.sandbox.CountedTransaction;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.jspecify.annotations.Nullable;

/**
 * Tells what was reported, one line for each application, and what 3scale would not
 * count.
 */
final class Reported {

	private Reported() {
	}

	static String to(ThreeScaleSandbox sandbox) {
		Map<String, Map<String, Long>> applications = new TreeMap<>();
		sandbox.transactions()
			.forEach((transaction) -> transaction.usage()
				.forEach((metric, units) -> applications
					.computeIfAbsent(transaction.application(), (application) -> new TreeMap<>())
					.merge(metric + code(transaction.logCode()), units, Long::sum)));
		List<String> lines = new ArrayList<>();
		applications.forEach((application, usage) -> lines.add(application + ": " + list(usage)));
		if (lines.isEmpty()) {
			lines.add("nothing");
		}
		sandbox.integrationErrors().forEach((error) -> lines.add("refused: " + error.code() + ", " + error.message()));
		return lines.stream().collect(Collectors.joining("%n  ".formatted(), "%n  ".formatted(), ""));
	}

	private static String list(Map<String, Long> usage) {
		return usage.entrySet()
			.stream()
			.map((entry) -> entry.getValue() + " " + entry.getKey())
			.collect(Collectors.joining(", "));
	}

	private static String code(@Nullable String logCode) {
		return (logCode != null) ? " (" + logCode + ")" : "";
	}

}

package io.threescale.spring.samples.host;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs an application without the starter and with it, each in a JVM of its own with the
 * class path it has at its users, and compares their portraits.
 */
class UnchangedHostIT {

	private static final String JACKSON_3 = "tools/jackson/.*|.*spring-boot-jackson|.*spring-boot-starter-jackson";

	private static final String JACKSON_2 = "com/fasterxml/jackson/core/.*";

	private static final String WEB_CLIENT = ".*spring-boot-(webclient|reactor|http-codec)|.*spring-webflux|"
			+ "io/projectreactor/.*|org/reactivestreams/.*|io/netty/.*";

	/** What the starter is there for. */
	private static final Difference METERING = new Difference("(bean|auto-configuration|thread): .*threescale.*");

	/** It calls 3scale by WebClient, with Reactor: Spring Boot has more to configure. */
	private static final Difference REACTOR = new Difference(
			"(bean|auto-configuration): .*(Reactive(HttpClient|HealthContributorRegistry)|clientHttpConnector).*");

	private static final Difference CODECS = new Difference("codec: .*");

	/**
	 * Spring Framework prefers Reactor Netty, and there is no way to tell it otherwise.
	 */
	private static final Difference REST_CLIENT = new Difference("request factory of RestClient.create\\(\\): .*");

	/** Of applications without the starter. */
	private static final Map<Host, List<String>> portraits = new HashMap<>();

	@Test
	void shouldLeaveAnApplicationAsItWas() throws Exception {
		Host host = Host.withoutStarter();
		compare(host, host.withStarter(), METERING, REACTOR, CODECS, REST_CLIENT);
	}

	@Test
	void whenDisabledThenLeavesItAsItWas() throws Exception {
		Host host = Host.withoutStarter();
		compare(host, host.withStarter("threescale.enabled=false"), METERING, REACTOR, CODECS, REST_CLIENT);
	}

	@Test
	void whenJackson2IsAloneThenLeavesItAlone() throws Exception {
		Host host = Host.withoutStarter().less(JACKSON_3).and(JACKSON_2);
		compare(host, host.withStarter(), METERING, REACTOR, CODECS, REST_CLIENT);
	}

	@Test
	void whenThereIsAWebClientThenLeavesItAsItWas() throws Exception {
		Host host = Host.withoutStarter().and(WEB_CLIENT);
		compare(host, host.withStarter(), METERING);
	}

	@Test
	void shouldAddFewBytes() {
		List<String> more = new ArrayList<>(Host.withoutStarter().withStarter().classPath());
		more.removeAll(Host.withoutStarter().classPath());
		assertThat(more).isNotEmpty().noneMatch((jar) -> jar.contains("netty-codec-native-quic"));
		assertThat(more.stream().mapToLong((jar) -> new File(jar).length()).sum()).isLessThan(13_500_000);
	}

	private static void compare(Host without, Host with, Difference... differences)
			throws IOException, InterruptedException {
		Process first = portraits.containsKey(without) ? null : without.start(Portrait.class);
		List<String> after = Host.portrait(with.start(Portrait.class));
		if (first != null) {
			portraits.put(without, Host.portrait(first));
		}
		List<String> before = portraits.get(without);
		assertThat(before).hasSizeGreaterThan(500);
		List<String> changes = new ArrayList<>();
		before.stream().filter((line) -> !after.contains(line)).forEach((line) -> changes.add("- " + line));
		after.stream().filter((line) -> !before.contains(line)).forEach((line) -> changes.add("+ " + line));
		for (Difference difference : differences) {
			assertThat(changes).as("what should differ").anyMatch(difference::explains);
			changes.removeIf(difference::explains);
		}
		assertThat(changes).as("what differs without a reason").isEmpty();
	}

	/**
	 * Lines that come or go with the starter.
	 */
	private record Difference(String lines) {

		boolean explains(String change) {
			return change.matches("(?i)[+-] " + this.lines);
		}

	}

}

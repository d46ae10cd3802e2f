package io.threescale.spring.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

import io.micrometer.core.instrument.MeterRegistry;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several applications in one JVM, one after the other as with the development tools, and
 * one beside the other as in a servlet container.
 */
class RestartTests {

	@TempDir
	Path spool;

	@Test
	void whenItStartsAgainThenNothingOfTheOldOneIsThere() throws IOException {
		String port = "threescale.sandbox.port=" + freePort();
		String directory = "threescale.reporting.spool.directory=" + this.spool;
		Set<Thread> before = threads();
		for (WebApplicationType type : new WebApplicationType[] { WebApplicationType.SERVLET,
				WebApplicationType.REACTIVE, WebApplicationType.SERVLET }) {
			try (Application application = Application.start(type, Api.class, "threescale.sandbox.enabled=true", port,
					"threescale.mode=predictive", directory, "threescale.prediction.decision-timeout=20s")) {
				assertThat(application.send("GET", "/hello", "user-key", "demo").statusCode()).isEqualTo(200);
				assertThat(application.bean(ThreeScaleSandbox.class).usage("demo", "hits")).isEqualTo(1);
				assertThat(
						application.bean(MeterRegistry.class).get("threescale.prediction.applications").gauge().value())
					.isEqualTo(1);
				assertThat(threads(before)).isNotEmpty();
			}
			await().untilAsserted(() -> assertThat(threads(before)).isEmpty());
		}
	}

	@Test
	void whenOneIsBesideTheOtherThenEachGoesOnWithoutTheOther() {
		try (Application one = sandboxed(WebApplicationType.SERVLET)) {
			try (Application other = sandboxed(WebApplicationType.REACTIVE)) {
				assertThat(other.send("GET", "/hello", "user-key", "demo").statusCode()).isEqualTo(200);
				assertThat(one.send("GET", "/hello", "user-key", "demo").statusCode()).isEqualTo(200);
			}
			assertThat(one.send("GET", "/hello", "user-key", "demo").statusCode()).isEqualTo(200);
			assertThat(one.bean(ThreeScaleSandbox.class).usage("demo", "hits")).isEqualTo(2);
		}
	}

	private static Application sandboxed(WebApplicationType type) {
		return Application.start(type, Api.class, "threescale.sandbox.enabled=true");
	}

	private static Set<Thread> threads(Set<Thread> before) {
		Set<Thread> threads = threads();
		threads.removeAll(before);
		threads.removeIf((thread) -> !thread.getName().startsWith("threescale"));
		return threads;
	}

	private static Set<Thread> threads() {
		return new HashSet<>(Thread.getAllStackTraces().keySet());
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	@RestController
	@EnableAutoConfiguration
	static class Api {

		@GetMapping("/hello")
		@ThreeScaleMetered
		String hello() {
			return "hello";
		}

	}

}

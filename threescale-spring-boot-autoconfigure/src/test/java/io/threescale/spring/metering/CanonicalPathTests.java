package io.threescale.spring.metering;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No way to write a path leads around the rule for it, on either web stack.
 */
class CanonicalPathTests {

	private static final String[] FILES = { "/files/paid.txt/", "/files/paid.txt//", "/files%2Fpaid.txt",
			"/files%5Cpaid.txt", "/%2Ffiles/paid.txt", "/%5Cfiles/paid.txt", "/x%2F..%2Ffiles/paid.txt",
			"/.%2Ffiles/paid.txt", "/files/paid.txt%2F", "/%2F%2Ffiles/paid.txt", "/files;a=b/paid.txt",
			"//files//paid.txt", "/%66iles/paid.txt", "/files/./paid.txt", "/x/../files/paid.txt",
			"/files%252Fpaid.txt", "/files%3Ba=b/paid.txt" };

	@RegisterExtension
	static final Backend backend = new Backend();

	@TempDir
	static Path directory;

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void shouldServeNobodyWithoutAKey(WebApplicationType type) throws IOException {
		Files.createDirectories(directory.resolve("files"));
		Files.writeString(directory.resolve("files/paid.txt"), "paid");
		try (Application application = Application.start(type, backend, Api.class,
				"spring.web.resources.static-locations=" + directory.toUri(),
				"threescale.rules[0].pattern=/files/*.txt")) {
			assertThat(application.get("/files/paid.txt").body()).isEqualTo("paid");
			for (String path : FILES) {
				assertThat(send(application.port(), path)).as(path).startsWith("HTTP/1.1 4").doesNotEndWith("paid");
			}
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void shouldMeetTheRulesOfEitherReading(WebApplicationType type) throws IOException {
		try (Application application = Application.start(type, backend, Api.class,
				"threescale.rules[0].pattern=/any/x/y", "threescale.rules[0].metric=deep",
				"threescale.rules[1].pattern=/any/{id}", "threescale.rules[1].metric=flat",
				"threescale.rules[2].pattern=/any/**", "threescale.rules[2].metric=all")) {
			assertUsage(application, "/any/x/y", Map.of("deep", "1", "all", "1"));
			assertUsage(application, "/any/x%2Fy", Map.of("deep", "1", "flat", "1", "all", "1"));
			assertUsage(application, "/any/x%2fy", Map.of("deep", "1", "flat", "1", "all", "1"));
			assertUsage(application, "/any/x%5Cy", Map.of("deep", "1", "flat", "1", "all", "1"));
			assertUsage(application, "/any/z%2F..%2Fx%2Fy", Map.of("deep", "1", "flat", "1", "all", "1"));
			assertUsage(application, "/any/x;a=b/y;c", Map.of("deep", "1", "all", "1"));
			assertUsage(application, "/any/%78/y", Map.of("deep", "1", "all", "1"));
			assertUsage(application, "/any/x%252Fy", Map.of("flat", "1", "all", "1"));
			assertUsage(application, "/any/x/y/", Map.of("all", "1"));
		}
	}

	private static void assertUsage(Application application, String path, Map<String, String> usage)
			throws IOException {
		assertThat(send(application.port(), path)).as(path).startsWith("HTTP/1.1 401");
		backend.beforeEach(null);
		assertThat(send(application.port(), path + "?user_key=key-1")).as(path).startsWith("HTTP/1.1 200");
		assertThat(backend.usages()).as(path).containsExactly(usage);
	}

	/** As it is written; HTTP clients clean paths up. */
	private static String send(int port, String path) throws IOException {
		try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), port)) {
			String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
			caller.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			return new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	@RestController
	@EnableAutoConfiguration
	static class Api {

		@GetMapping("/any/{*rest}")
		String any(@PathVariable String rest) {
			return rest;
		}

		/** Tomcat refuses encoded slashes, unless it is told otherwise. */
		@Bean
		WebServerFactoryCustomizer<TomcatServletWebServerFactory> slashes() {
			return (tomcat) -> tomcat.addConnectorCustomizers((connector) -> {
				connector.setEncodedSolidusHandling("passthrough");
				connector.setEncodedReverseSolidusHandling("passthrough");
			});
		}

	}

}

package io.threescale.spring.metering;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No way to write the path of a static file leads around the rule for it.
 */
class FilePathTests {

	private static final String[] PATHS = { "/files/paid.txt/", "/files/paid.txt//", "/files%2Fpaid.txt",
			"/files%5Cpaid.txt", "/%2Ffiles/paid.txt", "/%5Cfiles/paid.txt", "/x%2F..%2Ffiles/paid.txt",
			"/.%2Ffiles/paid.txt", "/files/paid.txt%2F", "/%2F%2Ffiles/paid.txt", "/files;a=b/paid.txt",
			"//files//paid.txt", "/%66iles/paid.txt", "/files/./paid.txt", "/x/../files/paid.txt" };

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
			for (String path : PATHS) {
				assertThat(send(application.port(), path)).as(path).startsWith("HTTP/1.1 4").doesNotEndWith("paid");
			}
		}
	}

	/** As it is written; HTTP clients clean paths up. */
	private static String send(int port, String path) throws IOException {
		try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), port)) {
			String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
			caller.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			return new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	@EnableAutoConfiguration
	static class Api {

	}

}

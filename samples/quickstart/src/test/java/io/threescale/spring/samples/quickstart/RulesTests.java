package io.threescale.spring.samples.quickstart;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A rule for everything reaches the application, but not the Actuator.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "threescale.rules[0].pattern=/**")
class RulesTests {

	private final HttpClient http = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Test
	void shouldLeaveActuatorEndpointsFree() throws Exception {
		assertThat(status("/actuator/health")).isEqualTo(200);
		assertThat(status("/actuator/prometheus")).isEqualTo(200);
		assertThat(status("/nowhere")).isEqualTo(401);
	}

	private int status(String path) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path)).build();
		return this.http.send(request, BodyHandlers.ofString()).statusCode();
	}

}

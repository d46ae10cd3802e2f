package io.threescale.spring.samples.quickstart;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Walks the lines of the README over real HTTP.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class QuickstartTests {

	private static final Pattern LINE = Pattern.compile("curl -i '(\\S+)'(.*?)# (\\d{3}),.*");

	private static final Pattern OPTION = Pattern.compile("-([Hd]) '([^']+)'");

	private final HttpClient http = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Autowired
	private ThreeScaleSandbox sandbox;

	/**
	 * The limit is one a minute, which must not end in the middle of the walk.
	 */
	@BeforeEach
	void startAMinute() {
		this.sandbox.reset();
		this.sandbox
			.advance(Duration.ofSeconds(60 - LocalTime.now(this.sandbox.clock().withZone(ZoneOffset.UTC)).getSecond()));
	}

	@Test
	void shouldAnswerAsTheReadmeSays() throws Exception {
		List<Integer> walked = new ArrayList<>();
		for (String line : Files.readString(Path.of("../../README.md")).split("## Five minutes")[1]
			.split("## Your own application")[0].split("\n")) {
			Matcher matcher = LINE.matcher(line);
			if (matcher.matches()) {
				int status = Integer.parseInt(matcher.group(3));
				HttpResponse<String> response = send(matcher.group(1), matcher.group(2));
				assertThat(response.statusCode()).as(line).isEqualTo(status);
				if (status == 429) {
					assertThat(response.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 60L);
				}
				walked.add(status);
			}
		}
		assertThat(walked).containsExactly(401, 403, 200, 200, 200, 429, 201, 200, 200, 200);
		assertThat(this.sandbox.usage("demo", "search")).isEqualTo(3);
		assertThat(this.sandbox.usage("demo", "upload")).isEqualTo(5);
		assertThat(this.sandbox.usage("demo", "hits")).isEqualTo(3 + 5 + 2);
		assertThat(this.sandbox.integrationErrors()).hasSize(1);
		assertThat(send("localhost:8080/actuator/prometheus", "").body()).contains(
				"threescale_calls_total{operation=\"DocumentController.search\",outcome=\"granted\",reason=\"none\",service=\"1001\"} 3.0",
				"threescale_calls_total{operation=\"DocumentController.search\",outcome=\"denied\",reason=\"limits_exceeded\",service=\"1001\"} 1.0",
				"threescale_usage_total{counted=\"true\",metric=\"upload\",service=\"1001\"} 5.0");
	}

	private HttpResponse<String> send(String url, String options) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest
			.newBuilder(URI.create(url.replace("localhost:8080", "http://localhost:" + this.port)));
		BodyPublisher body = null;
		Matcher option = OPTION.matcher(options);
		while (option.find()) {
			if (option.group(1).equals("H")) {
				String[] header = option.group(2).split(": ", 2);
				request.header(header[0], header[1]);
			}
			else {
				body = BodyPublishers.ofString(option.group(2));
			}
		}
		return this.http.send(((body != null) ? request.POST(body) : request.GET()).build(), BodyHandlers.ofString());
	}

}

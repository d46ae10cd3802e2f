package io.threescale.spring.metering;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of a call when the backend misbehaves, under both policies, and how often
 * the backend was asked.
 */
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class FaultMatrixTests {

	private static final String BOMB = "<!DOCTYPE bomb [<!ENTITY a \"ha\">"
			+ "<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">"
			+ "<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e SYSTEM \"file:///etc/passwd\">]>";

	private static final String TWENTY_MEGABYTES = "<status>" + "<x>1234</x>".repeat(2_000_000) + "</status>";

	@RegisterExtension
	static final Backend backend = new Backend();

	private Application denying;

	private Application allowing;

	WebApplicationType webStack() {
		return WebApplicationType.SERVLET;
	}

	@BeforeAll
	void start() {
		this.denying = start("deny", backend.url());
		this.allowing = start("allow", backend.url());
	}

	@AfterAll
	void stop() {
		this.denying.close();
		this.allowing.close();
	}

	@BeforeEach
	void reset() {
		MovingClock.now = MovingClock.now.plus(Duration.ofHours(1));
		this.denying.bean(Controller.class).reached.set(0);
		this.allowing.bean(Controller.class).reached.set(0);
	}

	/** Waits for an answer as long as a busy machine may take. */
	private Application start(String policy, String url) {
		return start(policy, url, "10s", "15s");
	}

	private Application start(String policy, String url, String responseTimeout, String totalTimeout) {
		return Application.start(webStack(), Api.class, "threescale.url=" + url,
				"threescale.service-id=" + Backend.SERVICE_ID, "threescale.service-token=" + Backend.SERVICE_TOKEN,
				"threescale.failure-policy=" + policy, "threescale.connection.connect-timeout=" + responseTimeout,
				"threescale.connection.response-timeout=" + responseTimeout,
				"threescale.connection.total-timeout=" + totalTimeout);
	}

	/**
	 * Answers after which the policy decides.
	 */
	static Map<String, ResponseDefinitionBuilder> unavailable() {
		Map<String, ResponseDefinitionBuilder> answers = new LinkedHashMap<>();
		for (int status : new int[] { 500, 502, 503, 504, 429 }) {
			answers.put(Integer.toString(status), aResponse().withStatus(status).withBody("Internal Server Error\n"));
		}
		answers.put("HTML with 200",
				aResponse().withStatus(200).withHeader("Content-Type", "text/html").withBody("<html>welcome</html>"));
		answers.put("reset", aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
		answers.put("empty response", aResponse().withFault(Fault.EMPTY_RESPONSE));
		answers.put("garbage", aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE));
		answers.put("an unknown code", Backend.xml(403, "<error code=\"broken_pipeline\">text</error>"));
		return answers;
	}

	/**
	 * Answers that somebody has to do something about.
	 */
	static Map<String, ResponseDefinitionBuilder> misconfigured() {
		Map<String, ResponseDefinitionBuilder> answers = new LinkedHashMap<>();
		answers.put("401", aResponse().withStatus(401).withHeader("WWW-Authenticate", "Basic"));
		answers.put("302", aResponse().withStatus(302).withHeader("Location", backend.url() + "/elsewhere"));
		answers.put("empty 403", aResponse().withStatus(403));
		answers.put("empty 404", aResponse().withStatus(404));
		answers.put("metric_invalid",
				Backend.xml(404, "<error code=\"metric_invalid\">metric \"hits\" is bad</error>"));
		answers.put("credentials of another kind",
				Backend.xml(403, "<error code=\"user_key_invalid\">user key is missing</error>"));
		answers.put("oauth_not_enabled", Backend.denied("oauth_not_enabled", ""));
		return answers;
	}

	/**
	 * Answers with a status of 200, which decides whatever the body says.
	 */
	static Map<String, ResponseDefinitionBuilder> granted() {
		Map<String, ResponseDefinitionBuilder> answers = new LinkedHashMap<>();
		answers.put("half a body", Backend.xml(200, "<status><authorized>tr"));
		answers.put("a body cut off", Backend.granted().withHeader("Content-Length", "5000"));
		answers.put("no body", aResponse().withStatus(200));
		answers.put("malformed chunk", aResponse().withStatus(200).withFault(Fault.MALFORMED_RESPONSE_CHUNK));
		answers.put("not authorized, with 200", Backend.xml(200, "<status><authorized>false</authorized></status>"));
		answers.put("20 MB", Backend.xml(200, TWENTY_MEGABYTES));
		answers.put("deeply nested", Backend.xml(200, "<status>" + "<x>".repeat(100_000)));
		answers.put("entity bomb", aResponse().withHeader("Content-Type", "application/xml")
			.withBody(BOMB + "<status><plan>&d;&e;</plan></status>"));
		return answers;
	}

	/**
	 * Answers with a status of 409, which decides whatever the body says.
	 */
	static Map<String, ResponseDefinitionBuilder> denied() {
		Map<String, ResponseDefinitionBuilder> answers = new LinkedHashMap<>();
		answers.put("half a body", Backend.xml(409, "<status><authorized>fal"));
		answers.put("a body cut off",
				Backend.denied("application_key_invalid", "").withHeader("Content-Length", "9999"));
		answers.put("no body", aResponse().withStatus(409));
		answers.put("authorized, with 409",
				Backend.xml(409, "<status><authorized>false</authorized><reason>application key \""
						+ "</reason><authorized>true</authorized>" + "\" is invalid</reason></status>"));
		answers.put("authorized, well-formed",
				Backend.xml(409, "<status><authorized>false</authorized><reason>application key \""
						+ "</reason><authorized>true</authorized><reason>\" is invalid</reason></status>"));
		answers.put("20 MB", Backend.xml(409, TWENTY_MEGABYTES));
		answers.put("deeply nested", Backend.xml(409, "<status>" + "<x>".repeat(100_000)));
		answers.put("entity bomb",
				aResponse().withStatus(409)
					.withHeader("Content-Type", "application/xml")
					.withBody(BOMB + "<status><reason>&d;&e;</reason></status>"));
		answers.put("HTML", aResponse().withStatus(409).withHeader("Content-Type", "text/html").withBody("<html>"));
		return answers;
	}

	static Stream<String> unavailableNames() {
		return unavailable().keySet().stream();
	}

	static Stream<String> misconfiguredNames() {
		return misconfigured().keySet().stream();
	}

	static Stream<String> grantedNames() {
		return granted().keySet().stream();
	}

	static Stream<String> deniedNames() {
		return denied().keySet().stream();
	}

	@ParameterizedTest
	@MethodSource("unavailableNames")
	void whenUnavailableThenPolicyDecides(String answer) {
		backend.answers(unavailable().get(answer));
		assertRefused(this.denying.get("/hello"), 503);
		assertThat(backend.requests()).hasSize(1);
		assertPassed(this.allowing.get("/hello"));
		assertThat(backend.requests()).hasSize(2);
		assertThat(this.denying.bean(Controller.class).reached).hasValue(0);
	}

	@Test
	void whenLateThenPolicyDecides() {
		backend.answers(Backend.granted().withFixedDelay(10_000));
		try (Application impatient = start("deny", backend.url(), "200ms", "300ms")) {
			assertRefused(impatient.get("/hello"), 503);
			// It may have been given up before the backend has seen it.
			await().until(() -> backend.requests().size() == 1);
		}
		try (Application impatient = start("allow", backend.url(), "200ms", "300ms")) {
			assertPassed(impatient.get("/hello"));
			await().until(() -> backend.requests().size() == 2);
		}
	}

	@Test
	void whenRefusedThenPolicyDecides() throws IOException {
		String url;
		try (ServerSocket closed = new ServerSocket(0)) {
			url = "http://127.0.0.1:" + closed.getLocalPort();
		}
		try (Application refused = start("deny", url)) {
			assertRefused(refused.get("/hello"), 503);
		}
		try (Application refused = start("allow", url)) {
			assertPassed(refused.get("/hello"));
		}
	}

	@ParameterizedTest
	@MethodSource("misconfiguredNames")
	void whenMisconfiguredThenNoPolicyLetsCallsPass(String answer, CapturedOutput output) {
		backend.answers(misconfigured().get(answer));
		assertRefused(this.denying.get("/hello"), 503);
		assertThat(backend.requests()).hasSize(1);
		assertRefused(this.allowing.get("/hello"), 503);
		assertThat(backend.requests()).hasSize(2);
		assertThat(output).contains("ERROR")
			.contains("Metered calls fail until the configuration is mended. 3scale answered");
	}

	@ParameterizedTest
	@MethodSource("grantedNames")
	void when200ThenCallPasses(String answer) {
		backend.answers(granted().get(answer));
		assertPassed(this.denying.get("/hello"));
		assertThat(backend.requests()).hasSize(1);
		assertPassed(this.allowing.get("/hello"));
		assertThat(backend.requests()).hasSize(2);
	}

	@ParameterizedTest
	@MethodSource("deniedNames")
	void when409ThenCallIsDenied(String answer) {
		backend.answers(denied().get(answer));
		assertRefused(this.denying.get("/hello"), 403);
		assertThat(backend.requests()).hasSize(1);
		assertRefused(this.allowing.get("/hello"), 403);
		assertThat(backend.requests()).hasSize(2);
	}

	@Test
	void whenMisconfiguredThenLogsOnceAnInterval(CapturedOutput output) {
		backend.errs(403, "service_token_invalid", "service token \"" + Backend.SERVICE_TOKEN + "\" is invalid");
		for (int i = 0; i < 5; i++) {
			this.denying.get("/hello");
		}
		assertThat(output.toString().split("service_token_invalid", -1)).hasSize(2);
		MovingClock.now = MovingClock.now.plusSeconds(59);
		this.denying.get("/hello");
		assertThat(output.toString().split("service_token_invalid", -1)).hasSize(2);
		MovingClock.now = MovingClock.now.plusSeconds(1);
		this.denying.get("/hello");
		this.denying.get("/hello");
		assertThat(output.toString().split("service_token_invalid", -1)).hasSize(3);
		assertThat(output).doesNotContain(Backend.SERVICE_TOKEN).doesNotContain("\tat ");
	}

	@Test
	void whenUnavailableThenWarnsOnceAnInterval(CapturedOutput output) {
		backend.answers(aResponse().withStatus(500));
		for (int i = 0; i < 3; i++) {
			this.denying.get("/hello");
			this.allowing.get("/hello");
		}
		assertThat(output.toString().split("Metered calls are refused", -1)).hasSize(2);
		assertThat(output.toString().split("Metered calls pass undecided, and are uncounted", -1)).hasSize(2);
		assertThat(output).doesNotContain("\tat ");
	}

	private static void assertRefused(HttpResponse<String> answer, int status) {
		assertThat(answer.statusCode()).isEqualTo(status);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(answer.body()).doesNotContain("3scale", "root:", "haha", "key-1", "302", "elsewhere");
	}

	private static void assertPassed(HttpResponse<String> answer) {
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).isEqualTo("hello");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Api {

		@Bean
		Clock threeScaleClock() {
			return new MovingClock();
		}

	}

	@RestController
	static class Controller {

		final AtomicInteger reached = new AtomicInteger();

		@GetMapping("/hello")
		@ThreeScaleMetered
		String hello() {
			this.reached.incrementAndGet();
			return "hello";
		}

	}

	static class MovingClock extends Clock {

		static volatile Instant now = Instant.parse("2026-11-23T03:04:05Z");

		@Override
		public Instant instant() {
			return now;
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	}

}

package io.threescale.spring.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.threescale.spring.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * What the backend's sources say and no recording shows.
 */
@ExtendWith(OutputCaptureExtension.class)
class ListenerTests {

	private static final String CREDENTIALS = "service_token=st1&service_id=1001";

	private final ThreeScaleSandbox sandbox = ThreeScaleSandbox.start(
			SandboxWorld.of("1001",
					SandboxService.userKey("st1")
						.withMetrics(SandboxMetric.of("hits", "search"))
						.withApplication(SandboxApplication.userKey("demo"))
						.withApplication(SandboxApplication.userKey("other"))),
			0, Clock.fixed(Instant.parse("2026-11-23T05:11:30Z"), ZoneOffset.UTC));

	@AfterEach
	void stop() {
		this.sandbox.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/x/../transactions/authrep.xml", "/./transactions/./authrep.xml",
			"/transactions/%2e%2e/transactions/authrep%2exml", "/..%2ftransactions\\authrep.xml",
			"/transactions/%61uthrep.xml" })
	void pathsAreCleanedBeforeTheyAreMatched(String path) throws IOException {
		RawHttp.Response answer = send(RawHttp.Request.get(path + "?" + CREDENTIALS + "&user_key=demo&usage[hits]=1"));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(this.sandbox.usage("demo", "hits")).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "/transactions/authrep.xml/", "/transactions/authrep.xml/..", "/transactions/authrep.xml/." })
	void pathOfAFolderIsAnother(String path) throws IOException {
		assertThat(send(RawHttp.Request.get(path + "?" + CREDENTIALS + "&user_key=demo&usage[hits]=1")).status())
			.isEqualTo(404);
	}

	@Test
	void livenessIsPlainTextInUtf8() throws IOException {
		assertThat(send(RawHttp.Request.get("/check.txt")).headers()).containsEntry("content-type",
				"text/plain;charset=utf-8");
	}

	@Test
	void multipartReportIsCounted() throws IOException {
		assertThat(multipart(Map.of("service_token", "st1", "service_id", "1001", "transactions[0][user_key]", "demo",
				"transactions[0][usage][hits]", "3", "transactions[0][log][code]", "200"), "--b--\r\n")
			.status()).isEqualTo(202);
		assertThat(this.sandbox.transactions()).extracting(CountedTransaction::usage, CountedTransaction::logCode)
			.containsExactly(tuple(Map.of("hits", 3L), "200"));
	}

	@Test
	void brokenMultipartReportIsRefused() throws IOException {
		RawHttp.Response answer = multipart(Map.of("service_token", "st1"), "--b\r\nContent-Dis");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.headers()).containsEntry("content-type", "text/html;charset=utf-8");
	}

	@Test
	void listOfUsageVoidsTheReport() throws IOException {
		assertThat(report("&transactions[0][user_key]=demo&transactions[0][usage][]=1"
				+ "&transactions[1][user_key]=demo&transactions[1][usage][hits]=1")
			.status()).isEqualTo(202);
		assertThat(this.sandbox.transactions()).isEmpty();
		assertThat(this.sandbox.integrationErrors()).containsExactly(new IntegrationError("1001",
				ErrorCode.USAGE_VALUE_INVALID, "usage value for metric \"1\" can not be empty"));
	}

	@Test
	void unknownApplicationVoidsTheReportWhateverItsUsage() throws IOException {
		report("&transactions[0][user_key]=nobody&transactions[1][user_key]=demo&transactions[1][usage][hits]=1");
		assertThat(this.sandbox.transactions()).isEmpty();
		report("&transactions[0][user_key]=demo&transactions[0][usage][nope]=1"
				+ "&transactions[1][user_key]=nobody&transactions[1][usage][hits]=1");
		assertThat(this.sandbox.integrationErrors()).extracting(IntegrationError::code)
			.containsExactly(ErrorCode.USER_KEY_INVALID, ErrorCode.USER_KEY_INVALID);
	}

	@Test
	void whatAddsNothingIsNotLookedAt() throws IOException {
		report("&transactions[0][user_key]=nobody&transactions[0][usage][hits]=0"
				+ "&transactions[1][user_key]=demo&transactions[1][usage][nope]=0&transactions[1][usage][hits]=1");
		assertThat(this.sandbox.integrationErrors()).isEmpty();
		assertThat(this.sandbox.usage("demo", "hits")).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "&no_body=1" })
	void errorOfAReportHidesItsBodyIfToldTo(String query) throws IOException {
		RawHttp.Request request = RawHttp.Request.post("/transactions.xml?" + CREDENTIALS + query, "a=b");
		RawHttp.Response answer = send(query.isEmpty() ? request.withHeader("3scale-options", "no_body=1") : request);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.body()).isEmpty();
		assertThat(report("&no_body=1").body()).contains("transactions_is_blank");
	}

	@Test
	void wrongContentTypeIsToldWithoutItsParameters() throws IOException {
		RawHttp.Response answer = send(RawHttp.Request.post("/transactions.xml?" + CREDENTIALS, "{}")
			.withHeader("Content-Type", "application/JSON; charset=utf-8"));
		assertThat(answer.body()).contains(">invalid Content-Type: application/json<");
	}

	@Test
	void countersOfPeriodsThatAreOverAreForgotten() throws IOException {
		authrep("hits");
		int once = this.sandbox.counters();
		for (int i = 0; i < 100; i++) {
			this.sandbox.advance(Duration.ofMinutes(1));
			authrep("hits");
		}
		assertThat(this.sandbox.counters()).isLessThan(once + 70);
		this.sandbox.advance(Duration.ofDays(800));
		authrep("hits");
		assertThat(this.sandbox.counters()).isEqualTo(once);
		assertThat(this.sandbox.usage("demo", "hits")).isEqualTo(102);
	}

	@Test
	void integrationErrorsAreLoggedOnceEachAndWithoutKeys(CapturedOutput output) throws IOException {
		report("&transactions[0][user_key]=demo&transactions[0][usage][ser%0Aach]=1");
		report("&transactions[0][user_key]=secret-key&transactions[0][usage][hits]=1");
		authrep("nope");
		assertThat(warnings(output)).hasSize(3)
			.allMatch((line) -> line.contains("1001"))
			.satisfiesExactly((line) -> assertThat(line).contains("metric_invalid", "metric \"ser?ach\" is invalid"),
					(line) -> assertThat(line).contains("user_key_invalid"),
					(line) -> assertThat(line).contains("metric_invalid", "\"nope\""));
		assertThat(output).doesNotContain("secret-key").doesNotContain("st1");
	}

	private static List<String> warnings(CapturedOutput output) {
		return Stream.of(output.getOut().split("\n")).filter((line) -> line.contains(" WARN ")).toList();
	}

	private RawHttp.Response authrep(String metric) throws IOException {
		return Caller.userKey(this.sandbox, "demo").authrep(metric);
	}

	private RawHttp.Response report(String transactions) throws IOException {
		return send(RawHttp.Request.post("/transactions.xml", CREDENTIALS + transactions));
	}

	private RawHttp.Response multipart(Map<String, String> fields, String end) throws IOException {
		StringBuilder body = new StringBuilder();
		fields.forEach((name, value) -> body.append("--b\r\nContent-Disposition: form-data; name=\"")
			.append(name)
			.append("\"\r\n\r\n")
			.append(value)
			.append("\r\n"));
		byte[] bytes = body.append(end).toString().getBytes(StandardCharsets.UTF_8);
		return send(new RawHttp.Request("POST", "/transactions.xml", "1.1",
				List.of(Map.entry("Host", "sandbox"), Map.entry("Content-Length", "" + bytes.length),
						Map.entry("Content-Type", "multipart/form-data; boundary=b")),
				bytes));
	}

	private RawHttp.Response send(RawHttp.Request request) throws IOException {
		return RawHttp.send(this.sandbox.port(), request);
	}

}

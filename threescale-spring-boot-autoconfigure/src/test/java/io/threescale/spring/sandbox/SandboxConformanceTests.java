package io.threescale.spring.sandbox;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the sandbox against the exchanges recorded from a real 3scale: every status,
 * header, document, counter and integration error has to be the same.
 */
class SandboxConformanceTests {

	/** What was counted in between, by calls of which no recording was kept. */
	private static final Map<String, String> UNKEPT = Map.ofEntries(
			Map.entry("authrep-usage_value-newline", "[user_key]=uk-all&[usage][hits]=5"),
			Map.entry("authorize-ok-predicted", "[user_key]=uk-hier&[usage][search]=1"),
			Map.entry("ext-no_body-zero", "[user_key]=uk-basic&[usage][hits]=1"),
			Map.entry("ext-limit-headers-true", "[user_key]=uk-all&[usage][hits]=1"),
			Map.entry("accept-json", "[user_key]=uk-rep&[usage][hits]=1"),
			Map.entry("http10", "[user_key]=uk-rep&[usage][hits]=1"),
			Map.entry("other-host", "[user_key]=uk-rep&[usage][hits]=3"),
			Map.entry("report-ok-no-content-type", "[user_key]=uk-rep&[usage][hits]=1"),
			Map.entry("report-json-content-type", "[user_key]=uk-rep&[usage][hits]=1"),
			Map.entry("report-gzip-body", "[user_key]=uk-rep&[usage][hits]=2"),
			Map.entry("report-timestamp-iso8601-millis", "[user_key]=uk-rep&[usage][hits]=1"),
			Map.entry("report-timestamp-garbage", "[user_key]=uk-rep&[usage][hits]=1&[timestamp]=2026-11-23 04:30:00"),
			Map.entry("report-log-only", "[user_key]=uk-rep&[usage][hits]=2"),
			Map.entry("report-many-1000-timestamps", "[user_key]=uk-rep&[usage][hits]=2524"),
			Map.entry("authrep-after-lag", "[user_key]=cl%C3%A9-%C3%BC&[usage][hits]=40"));

	private static final SettableClock CLOCK = new SettableClock();

	private static ThreeScaleSandbox sandbox;

	@BeforeAll
	static void start() throws IOException {
		sandbox = ThreeScaleSandbox.start(RecordedWorld.create(), 0, CLOCK);
		report("1001", "[user_key]=uk-full&[usage][hits]=4");
		report("1002", "[app_id]=app-full&[usage][hits]=4");
	}

	@AfterAll
	static void stop() {
		sandbox.close();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("io.threescale.spring.sandbox.Exchange#all")
	void answersAsRecorded(Exchange exchange) throws IOException {
		prepare(exchange);
		int errorsBefore = sandbox.integrationErrors().size();
		RawHttp.Response actual = RawHttp.send(sandbox.port(), exchange.request());
		sandbox.recover();
		RawHttp.Response expected = exchange.response();
		assertThat(actual.status()).isEqualTo(expected.status());
		assertThat(headers(actual)).isEqualTo(headers(expected));
		assertThat(actual.body()).isEqualTo(expected.body());
		assertThat(actual.closed()).isEqualTo(expected.closed());
		List<String> errors = sandbox.integrationErrors()
			.stream()
			.skip(errorsBefore)
			.map((error) -> error.code().value())
			.toList();
		if (exchange.errors() != null) {
			assertThat(errors).isEqualTo(exchange.errors());
		}
		followUp(exchange);
	}

	private static void prepare(Exchange exchange) throws IOException {
		Instant time = exchange.time();
		if (time != null) {
			CLOCK.set(time);
		}
		if (exchange.name().startsWith("redis-")) {
			sandbox.fail(Fault.storageDown());
		}
		// It was recorded by itself, after a fresh start.
		if (exchange.name().equals("authrep-after-lag")) {
			sandbox.reset();
		}
		if (UNKEPT.containsKey(exchange.name())) {
			report("1001", UNKEPT.get(exchange.name()));
		}
		if (exchange.name().equals("oauth_authrep-ok-redirect_uri")) {
			report("1003", "[app_id]=oapp&[usage][hits]=1");
		}
	}

	private static void followUp(Exchange exchange) throws IOException {
		RawHttp.Request request = exchange.followUp();
		if (request != null) {
			RawHttp.Response actual = RawHttp.send(sandbox.port(), request);
			RawHttp.Response expected = exchange.followUpResponse();
			assertThat(actual.status()).isEqualTo(expected.status());
			assertThat(withoutPeriods(actual.body())).isEqualTo(withoutPeriods(expected.body()));
		}
	}

	private static Map<String, String> headers(RawHttp.Response response) {
		Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		headers.putAll(response.headers());
		headers.remove("connection");
		return headers;
	}

	/** It was asked a while later, and nothing tells how much. */
	private static String withoutPeriods(String body) {
		return body.replaceAll("<period_(start|end)>[^<]*</period_(start|end)>", "");
	}

	private static void report(String service, String transaction) throws IOException {
		String fields = transaction.replaceAll("(^|&)\\[", "&transactions[0][").replace(" ", "%20");
		RawHttp.send(sandbox.port(),
				RawHttp.Request.post("/transactions.xml", "service_token=st1&service_id=" + service + fields));
	}

	private static final class SettableClock extends Clock {

		private volatile Instant now = Instant.parse("2026-11-23T05:11:00Z");

		void set(Instant now) {
			this.now = now;
		}

		@Override
		public Instant instant() {
			return this.now;
		}

		@Override
		public ZoneOffset getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	}

}

package io.threescale.spring.sandbox;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Holds the sandbox against the exchanges recorded from a real 3scale: everything the
 * real one said has to be said again, save for values of counters, as not every call of
 * the recording was kept.
 */
class SandboxConformanceTests {

	/** The recordings the sandbox does not agree with, and why that may be. */
	private static final Map<String, String> DIFFERENT = Map.of();

	/** Headers of the connection, not of the answer. */
	private static final Set<String> HOP = Set.of("content-length", "connection");

	private static final SettableClock CLOCK = new SettableClock();

	private static ThreeScaleSandbox sandbox;

	@BeforeAll
	static void start() throws IOException {
		sandbox = ThreeScaleSandbox.start(RecordedWorld.create(), 0, CLOCK);
		report("1001", "user_key%5D=uk-full", 4);
		report("1002", "app_id%5D=app-full", 4);
	}

	@AfterAll
	static void stop() {
		sandbox.close();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("io.threescale.spring.sandbox.Exchange#all")
	void answersAsRecorded(Exchange exchange) throws IOException {
		String reason = DIFFERENT.get(exchange.name());
		if (reason == null) {
			replay(exchange);
			return;
		}
		assertThatExceptionOfType(Throwable.class).as("a difference because %s", reason)
			.isThrownBy(() -> replay(exchange));
	}

	@Test
	void everyDifferenceNamesARecording() {
		assertThat(Exchange.all()).extracting(Exchange::name).containsAll(DIFFERENT.keySet());
	}

	private static void replay(Exchange exchange) throws IOException {
		prepare(exchange);
		int errorsBefore = sandbox.integrationErrors().size();
		RawHttp.Response actual = RawHttp.send(sandbox.port(), exchange.request());
		sandbox.recover();
		RawHttp.Response expected = exchange.response();
		assertThat(actual.status()).isEqualTo(expected.status());
		assertThat(headers(actual)).isEqualTo(headers(expected));
		assertThat(withoutCounters(actual.body())).isEqualTo(withoutCounters(expected.body()));
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
		// What was counted in between by calls that were not kept.
		if (exchange.name().equals("authrep-after-lag")) {
			report("1001", "user_key%5D=cl%C3%A9-%C3%BC", 40);
		}
		if (exchange.name().equals("report-many-1000-timestamps")) {
			report("1001", "user_key%5D=uk-rep", 2524);
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

	/** Headers that depend on counters or the second are compared by their sign. */
	private static Map<String, String> headers(RawHttp.Response response) {
		Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		headers.putAll(response.headers());
		HOP.forEach(headers::remove);
		for (String name : List.of("3scale-limit-remaining", "3scale-limit-reset")) {
			headers.computeIfPresent(name, (key, value) -> (Long.parseLong(value) > 0) ? "positive" : value);
		}
		return new LinkedHashMap<>(headers);
	}

	private static String withoutCounters(String body) {
		return body.replaceAll("<current_value>\\d+</current_value>", "");
	}

	private static String withoutPeriods(String body) {
		return withoutCounters(body).replaceAll("<period_(start|end)>[^<]*</period_(start|end)>", "");
	}

	private static void report(String service, String application, int hits) throws IOException {
		RawHttp.send(sandbox.port(), RawHttp.Request.post("/transactions.xml", "service_token=st1&service_id=" + service
				+ "&transactions%5B0%5D%5B" + application + "&transactions%5B0%5D%5Busage%5D%5Bhits%5D=" + hits));
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

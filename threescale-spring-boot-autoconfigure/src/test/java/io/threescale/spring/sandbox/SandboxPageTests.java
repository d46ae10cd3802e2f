package io.threescale.spring.sandbox;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import io.threescale.spring.Period;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SandboxPage}, over HTTP. In a browser it is tested by
 * {@code SandboxPageBrowserTests}.
 */
class SandboxPageTests {

	private static final Pattern REFERENCE = Pattern.compile("(?:src|href|action)=\"([^\"]*)\"");

	private final ThreeScaleSandbox sandbox = ThreeScaleSandbox.start(
			SandboxWorld.of("1001", SandboxService.userKey("st1")
				.withMetrics(SandboxMetric.of("hits", "search"), SandboxMetric.of("bytes"))
				.withPlan("basic", SandboxLimit.of("search", Period.MINUTE, 3), SandboxLimit.of("hits", Period.DAY, 0))
				.withPlan("free", SandboxLimit.of("bytes", Period.ETERNITY, Long.MAX_VALUE))
				.withApplication(SandboxApplication.userKey("demo").onPlan("basic"))
				.withApplication(SandboxApplication.userKey("other").onPlan("free").suspend())),
			0, Clock.fixed(Instant.parse("2026-11-23T05:11:30Z"), ZoneOffset.UTC));

	private final Caller demo = Caller.userKey(this.sandbox, "demo");

	@AfterEach
	void stop() {
		this.sandbox.close();
	}

	@Test
	void browserGetsAPageThatNeedsNothingFromElsewhere() throws IOException {
		RawHttp.Response page = get("/", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
		assertThat(page.status()).isEqualTo(200);
		assertThat(page.headers()).containsEntry("content-type", "text/html;charset=utf-8")
			.doesNotContainKey("access-control-allow-origin");
		assertThat(page.headers().get("content-security-policy")).contains("default-src 'none'",
				"frame-ancestors 'none'");
		List<String> references = REFERENCE.matcher(page.body()).results().map((match) -> match.group(1)).toList();
		assertThat(references).contains("/sandbox/page.js", "/sandbox/page.css");
		for (String reference : references) {
			if (!reference.startsWith("data:")) {
				RawHttp.Response part = get(reference);
				assertThat(part.status()).isEqualTo(200);
				assertThat(part.body()).isNotEmpty().doesNotContain("http:", "https:", "@import", "url(");
			}
		}
	}

	@Test
	void otherProgramsGetWhatTheRealOneAnswers() throws IOException {
		RawHttp.Response answer = get("/", "Accept", "*/*");
		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.headers()).containsEntry("x-cascade", "pass");
		assertThat(answer.body()).isEmpty();
	}

	@Test
	void stateShowsLimitsAndUsage() throws IOException {
		report("search");
		JsonNode state = state();
		assertThat(state.path("time").asString()).isEqualTo("2026-11-23T05:11:30Z");
		JsonNode application = state.path("applications").path(0);
		assertThat(application.path("caller").asString()).isEqualTo("user-key demo");
		assertThat(application.path("plan").asString()).isEqualTo("basic");
		assertThat(application.path("counters").valueStream().map(JsonNode::toString)).containsExactly(
				"{\"metric\":\"hits\",\"period\":\"day\",\"used\":\"1\",\"max\":\"0\",\"percent\":100,\"reset\":67710}",
				"{\"metric\":\"search\",\"period\":\"minute\",\"used\":\"1\",\"max\":\"3\",\"percent\":33,\"reset\":30}",
				"{\"metric\":\"bytes\",\"period\":\"eternity\",\"used\":\"0\",\"max\":null,\"percent\":0,\"reset\":null}");
		JsonNode other = state.path("applications").path(1);
		assertThat(other.path("suspended").asBoolean()).isTrue();
		assertThat(other.path("counters").path(2).path("max").asString()).isEqualTo("9223372036854775807");
		assertThat(state.path("requests").toString()).isEqualTo("{\"report\":1}");
		assertThat(state.path("transactions").path(0).path("usage").asString()).isEqualTo("search 1");
	}

	@Test
	void stateShowsIntegrationErrorsTheLatestFirst() throws IOException {
		this.demo.authrep("nope");
		report("%22<b>\\%0A");
		JsonNode state = state();
		assertThat(state.path("errorCount").asInt()).isEqualTo(2);
		assertThat(state.path("errors").path(0).path("message").asString())
			.isEqualTo("metric \"\"<b>\\\n\" is invalid");
		assertThat(state.path("errors").path(1).path("code").asString()).isEqualTo("metric_invalid");
	}

	@Test
	void lookingAtItDeliversNothing() throws IOException {
		AtomicInteger deliveries = new AtomicInteger();
		this.sandbox.deliverBeforeReading(deliveries::incrementAndGet);
		state();
		assertThat(deliveries).hasValue(0);
	}

	@Test
	void timePasses() throws IOException {
		assertThat(state(post("advance?by=PT1H")).path("time").asString()).isEqualTo("2026-11-23T06:11:30Z");
	}

	@ParameterizedTest
	@ValueSource(strings = { "storage-down", "proxy-503", "proxy-504", "throttled", "hang-up-before", "hang-up-after",
			"slow" })
	void faultsAreShownUntilRecovered(String fault) throws IOException {
		post("fail-next?fault=" + fault);
		JsonNode faults = state(post("fail?fault=" + fault)).path("faults");
		assertThat(faults.valueStream().map(JsonNode::asString)).satisfiesExactly(
				(next) -> assertThat(next).startsWith("The next of all calls is "),
				(all) -> assertThat(all).startsWith("Each of all calls is "));
		assertThat(state()).isEqualTo(state(post("fail?fault=" + fault)));
		assertThat(state(post("recover")).path("faults").size()).isZero();
	}

	@Test
	void faultHitsTheNextCall() throws IOException {
		post("fail-next?fault=proxy-503");
		assertThat(this.demo.authrep("bytes").status()).isEqualTo(503);
		assertThat(this.demo.authrep("bytes").status()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "advance", "advance?by=soon", "advance?by=P3661D", "fail?fault=meteorite", "fail?fault" })
	void changeThatMakesNoSenseIsRefused(String change) throws IOException {
		RawHttp.Response answer = post(change);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.body()).startsWith("This cannot be done: ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "evil.example", "127.0.0.1.evil.example", "192.168.0.1", "localhost.evil.example", "" })
	void nameThatIsNotLoopbackIsRefused(String host) throws IOException {
		for (String path : List.of("/", "/sandbox/page.js", "/sandbox/state")) {
			assertThat(request("GET", path, host, "Accept", "text/html").status()).isEqualTo(403);
		}
		assertThat(request("POST", "/sandbox/recover", host, "X-Threescale-Sandbox", "1").status()).isEqualTo(403);
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "localhost:80", "127.0.0.1", "[::1]:8080" })
	void loopbackNamesAreServed(String host) throws IOException {
		assertThat(request("GET", "/sandbox/state", host, "Accept", "*/*").status()).isEqualTo(200);
	}

	@Test
	void otherSitesCannotChangeAnything() throws IOException {
		assertThat(request("POST", "/sandbox/advance?by=P1D", "localhost", "Content-Type", "text/plain").status())
			.isEqualTo(403);
		assertThat(send(request("POST", "/sandbox/advance?by=P1D", "localhost").withHeader("X-Threescale-Sandbox", "1")
			.withHeader("Origin", "http://evil.example")).status()).isEqualTo(403);
		RawHttp.Response preflight = send(
				request("OPTIONS", "/sandbox/advance?by=P1D", "localhost").withHeader("Origin", "http://evil.example")
					.withHeader("Access-Control-Request-Method", "POST")
					.withHeader("Access-Control-Request-Headers", "x-threescale-sandbox"));
		assertThat(preflight.status()).isEqualTo(404);
		assertThat(preflight.headers().keySet()).noneMatch((name) -> name.startsWith("access-control-"));
		assertThat(send(request("GET", "/sandbox/advance?by=P1D", "localhost")).status()).isEqualTo(404);
		assertThat(state().path("time").asString()).isEqualTo("2026-11-23T05:11:30Z");
	}

	@Test
	void ownOriginMayChange() throws IOException {
		assertThat(
				send(request("POST", "/sandbox/advance?by=P1D", "localhost:99").withHeader("X-Threescale-Sandbox", "1")
					.withHeader("Origin", "http://localhost:99")).status())
			.isEqualTo(200);
	}

	private JsonNode state() throws IOException {
		return state(get("/sandbox/state"));
	}

	private static JsonNode state(RawHttp.Response answer) {
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.headers()).containsEntry("content-type", "application/json")
			.containsEntry("cache-control", "no-store");
		return JsonMapper.shared().readTree(answer.body());
	}

	private void report(String metric) throws IOException {
		send(RawHttp.Request.post("/transactions.xml", "service_token=st1&service_id=1001"
				+ "&transactions[0][user_key]=demo&transactions[0][usage][" + metric + "]=1"));
	}

	private RawHttp.Response post(String change) throws IOException {
		return request("POST", "/sandbox/" + change, "127.0.0.1:" + this.sandbox.port(), "X-Threescale-Sandbox", "1");
	}

	private RawHttp.Response get(String path, String... header) throws IOException {
		RawHttp.Request request = request("GET", path, "127.0.0.1:" + this.sandbox.port());
		return send((header.length > 0) ? request.withHeader(header[0], header[1]) : request);
	}

	private RawHttp.Response request(String method, String path, String host, String header, String value)
			throws IOException {
		return send(request(method, path, host).withHeader(header, value));
	}

	private static RawHttp.Request request(String method, String path, String host) {
		return new RawHttp.Request(method, path, "1.1",
				List.of(Map.entry("Host", host), Map.entry("Content-Length", "0")), new byte[0]);
	}

	private RawHttp.Response send(RawHttp.Request request) throws IOException {
		return RawHttp.send(this.sandbox.port(), request);
	}

}

package io.threescale.spring.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.http.ConnectionSettings;
import io.threescale.spring.fixture.Patience;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What the client makes of a backend, or of something before it, that misbehaves. The
 * expected outcomes are those of authorize, authrep and report, in this order.
 */
class FaultTests {

	private static final String XML = "application/vnd.3scale-v2.0+xml";

	private static final String GRANTED = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><status><authorized>true</authorized>"
			+ "<plan>basic</plan></status>";

	private static final String INJECTED = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><status><authorized>false</authorized>"
			+ "<reason>application key \"</reason><authorized>true</authorized><reason>\" is invalid</reason>"
			+ "<plan>basic</plan></status>";

	/** In Envoy's words. */
	private static final String RESET = "upstream connect error or disconnect/reset before headers. "
			+ "reset reason: connection termination";

	@RegisterExtension
	static final WireMockExtension backend = WireMockExtension.newInstance().build();

	private static final AtomicInteger callers = new AtomicInteger();

	private static ThreeScaleClient client;

	private static ThreeScaleClient hasty;

	@BeforeAll
	static void createClients() {
		client = ThreeScaleClient.builder(ServiceCredentials.serviceToken("1001", "st1"))
			.baseUrl(URI.create(backend.baseUrl()))
			.connection(Patience.SETTINGS)
			.build();
		hasty = ThreeScaleClient.builder(ServiceCredentials.serviceToken("1001", "st1"))
			.baseUrl(URI.create(backend.baseUrl()))
			.connection(new ConnectionSettings(Duration.ofMillis(500), Duration.ofMillis(150), Duration.ofMillis(300),
					4, 4, Duration.ofMinutes(1), null))
			.build();
	}

	@AfterAll
	static void closeClients() {
		client.close();
		hasty.close();
	}

	static Stream<Arguments> faults() {
		return Stream.of(fault("500", status(500), "unavailable", "ambiguous", "ambiguous"),
				fault("502", status(502), "unavailable", "ambiguous", "ambiguous"),
				fault("503", status(503), "unavailable", "unavailable", "unavailable"),
				fault("503 of a router", status(503).withBody("no healthy upstream"), "unavailable", "unavailable",
						"unavailable"),
				fault("503 after a reset", status(503).withBody(RESET), "unavailable", "ambiguous", "ambiguous"),
				fault("half a 503", half(status(503).withBody("upstream")), "unavailable", "ambiguous", "ambiguous"),
				fault("504", status(504), "unavailable", "ambiguous", "ambiguous"),
				fault("throttled", status(429), "unavailable", "unavailable", "unavailable"),
				fault("request timeout", status(408), "unavailable", "ambiguous", "ambiguous"),
				fault("401", status(401), "misconfigured -"), fault("407", status(407), "misconfigured -"),
				fault("redirect", status(302).withHeader("Location", "/elsewhere"), "misconfigured -"),
				fault("permanent redirect", status(308).withHeader("Location", "/elsewhere"), "misconfigured -"),
				fault("empty 403", status(403), "misconfigured -"), fault("empty 404", status(404), "misconfigured -"),
				fault("too long", status(414), "misconfigured -"), fault("HTML 404", html(404), "misconfigured -"),
				fault("HTML 503", html(503), "unavailable", "unavailable", "unavailable"),
				fault("HTML 200", html(200), "unavailable", "ambiguous", "ambiguous"),
				fault("a code nobody knows", xml(403, "<error code=\"broken_pipeline\">x</error>"), "unavailable",
						"ambiguous", "ambiguous"),
				fault("204", status(204), "unavailable", "ambiguous", "ambiguous"),
				fault("200 without anything", status(200), "granted", "granted", "ambiguous"),
				fault("200 that is garbage", xml(200, "\u0000\u0001 garbage <"), "granted", "granted", "ambiguous"),
				fault("200 that says no", xml(200, GRANTED.replace("true", "false")), "granted", "granted",
						"ambiguous"),
				fault("409 that is garbage", denied("\u0000\u0001 garbage <"), "denied limits_exceeded",
						"denied limits_exceeded", "misconfigured -"),
				fault("409 that says yes", denied(GRANTED), "denied limits_exceeded", "denied limits_exceeded",
						"misconfigured -"),
				fault("409 with an injected yes", denied(INJECTED), "denied limits_exceeded", "denied limits_exceeded",
						"misconfigured -"),
				fault("409 in HTML", html(409), "denied unknown", "denied unknown", "misconfigured -"),
				fault("half a 200", half(xml(200, GRANTED)), "granted", "granted", "ambiguous"),
				fault("half a 409", half(denied(GRANTED)), "denied limits_exceeded", "denied limits_exceeded",
						"misconfigured -"),
				fault("20 MB", xml(200, "<status>" + " ".repeat(20_000_000) + "</status>"), "granted", "granted",
						"ambiguous"),
				fault("20 MB of 409", denied("<status>" + " ".repeat(20_000_000) + "</status>"),
						"denied limits_exceeded", "denied limits_exceeded", "misconfigured -"),
				fault("20 MB of 500", status(500).withBody(" ".repeat(20_000_000)), "unavailable", "ambiguous",
						"ambiguous"),
				fault("reset", fault(Fault.CONNECTION_RESET_BY_PEER), "unavailable", "ambiguous", "ambiguous"),
				fault("nothing", fault(Fault.EMPTY_RESPONSE), "unavailable", "ambiguous", "ambiguous"),
				fault("random data", fault(Fault.RANDOM_DATA_THEN_CLOSE), "unavailable", "ambiguous", "ambiguous"),
				fault("a 200 that breaks off", fault(Fault.MALFORMED_RESPONSE_CHUNK), "granted", "granted",
						"ambiguous"));
	}

	static Stream<Arguments> delays() {
		return Stream.of(
				fault("an answer that is late", xml(200, GRANTED).withFixedDelay(500), "unavailable", "ambiguous",
						"ambiguous"),
				fault("a 200 that dribbles", xml(200, GRANTED).withChunkedDribbleDelay(60, 3000), "granted", "granted",
						"ambiguous"),
				fault("a 409 that dribbles", denied(GRANTED).withChunkedDribbleDelay(60, 3000),
						"denied limits_exceeded", "denied limits_exceeded", "misconfigured -"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("faults")
	void whenBackendMisbehavesThenAsksOnceAndSaysWhatThatMeans(String name, ResponseDefinitionBuilder answer,
			String authorize, String authRep, String report) {
		shouldAskOnce(client, answer, authorize, authRep, report);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("delays")
	void whenBackendIsSlowThenAsksOnceAndSaysWhatThatMeans(String name, ResponseDefinitionBuilder answer,
			String authorize, String authRep, String report) {
		shouldAskOnce(hasty, answer, authorize, authRep, report);
	}

	private static void shouldAskOnce(ThreeScaleClient client, ResponseDefinitionBuilder answer, String authorize,
			String authRep, String report) {
		backend.stubFor(any(anyUrl()).willReturn(answer));
		String key = "uk-" + callers.incrementAndGet() + "-";
		ApplicationCredentials caller = ApplicationCredentials.userKey(key);
		assertThat(Outcome.of(() -> client.authorize(caller, Usage.HIT))).as("authorize").isEqualTo(authorize);
		assertThat(Outcome.of(() -> client.authRep(caller, Usage.HIT))).as("authrep").isEqualTo(authRep);
		assertThat(Outcome.of(Outcome.reporting(() -> client.report(Transaction.of(caller, Usage.HIT))))).as("report")
			.isEqualTo(report);
		assertThat(backend.findAll(anyRequestedFor(anyUrl()))
			.stream()
			.filter((request) -> (request.getUrl() + request.getBodyAsString()).contains(key))
			.map(LoggedRequest::getUrl)
			.map((url) -> url.replaceFirst("\\?.*", "")))
			.containsExactlyInAnyOrder("/transactions/authorize.xml", "/transactions/authrep.xml", "/transactions.xml");
	}

	@ParameterizedTest
	@MethodSource("hostileBodies")
	void whenBodyIsHostileThenTheStatusStandsAndNothingIsFetched(String body) {
		backend.stubFor(any(anyUrl()).willReturn(denied(body)));
		backend.stubFor(get("/secret").willReturn(aResponse().withBody("fetched")));
		Authorization authorization = client.authRep(ApplicationCredentials.userKey("uk1"), Usage.HIT);
		assertThat(authorization).isInstanceOfSatisfying(Denied.class,
				(denied) -> assertThat(denied.code()).hasToString("limits_exceeded"));
		assertThat(authorization.toString()).doesNotContain("fetched", "root:", "lol");
		assertThat(requests()).isEqualTo(1);
	}

	static Stream<String> hostileBodies() {
		String file = "file:///etc/passwd";
		String url = backend.baseUrl() + "/secret";
		StringBuilder bomb = new StringBuilder("<!DOCTYPE status [<!ENTITY e0 \"lol\">");
		for (int i = 1; i < 12; i++) {
			bomb.append("<!ENTITY e").append(i).append(" \"").append(("&e" + (i - 1) + ";").repeat(10)).append("\">");
		}
		Function<String, String> external = (location) -> "<!DOCTYPE status [<!ENTITY x SYSTEM \"" + location
				+ "\">]><status><plan>&x;</plan></status>";
		return Stream.of(bomb + "]><status><plan>&e11;</plan></status>", external.apply(file), external.apply(url),
				"<!DOCTYPE status SYSTEM \"" + url + "\"><status><plan>p</plan></status>",
				"<!DOCTYPE status [<!ENTITY % x SYSTEM \"" + url + "\"> %x;]><status><plan>p</plan></status>",
				"<?xml-stylesheet href=\"" + url + "\"?><status><plan>p</plan></status>",
				"<status xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include href=\"" + url + "\"/></status>",
				"<status>" + "<x>".repeat(100_000), "<status>" + "<usage_reports><usage_report>".repeat(20_000),
				"<status><plan " + "a=\"1\" ".repeat(50_000) + "/></status>");
	}

	@Test
	void whenKeyIsInjectedIntoTheReasonThenItIsMaskedAndWhatComesAfterItIsRead() {
		backend.stubFor(any(anyUrl()).willReturn(denied(INJECTED)));
		assertThat(client.authRep(ApplicationCredentials.appId("a", "</reason>"), Usage.HIT))
			.isInstanceOfSatisfying(Denied.class, (denied) -> assertThat(denied.plan()).isEqualTo("basic"));
	}

	@Test
	void whenBodyFailsThenTheConnectionIsFreeAgain() {
		backend.stubFor(any(anyUrl()).willReturn(xml(200, GRANTED).withChunkedDribbleDelay(60, 3000)));
		ConnectionSettings one = new ConnectionSettings(Duration.ofMillis(300), Duration.ofMillis(200),
				Duration.ofMillis(500), 1, 1, Duration.ofMinutes(1), null);
		try (ThreeScaleClient narrow = ThreeScaleClient.builder(ServiceCredentials.serviceToken("1", "t"))
			.baseUrl(URI.create(backend.baseUrl()))
			.connection(one)
			.build()) {
			assertThat(Outcome.of(() -> narrow.authRep(ApplicationCredentials.userKey("k"), Usage.HIT)))
				.isEqualTo("granted");
			backend.stubFor(any(anyUrl()).willReturn(xml(200, GRANTED).withFixedDelay(450)));
			assertThat(Outcome.of(() -> narrow.authRep(ApplicationCredentials.userKey("k"), Usage.HIT)))
				.isEqualTo("ambiguous");
			backend.stubFor(any(anyUrl()).willReturn(xml(200, GRANTED)));
			Authorization authorization = narrow.authRep(ApplicationCredentials.userKey("k"), Usage.HIT);
			assertThat(authorization.plan()).isEqualTo("basic");
		}
	}

	private static int requests() {
		return backend.findAll(anyRequestedFor(anyUrl())).size();
	}

	private static Arguments fault(String name, ResponseDefinitionBuilder answer, String outcome) {
		return fault(name, answer, outcome, outcome, outcome);
	}

	private static Arguments fault(String name, ResponseDefinitionBuilder answer, String authorize, String authRep,
			String report) {
		return arguments(name, answer, authorize, authRep, report);
	}

	private static ResponseDefinitionBuilder status(int status) {
		return aResponse().withStatus(status);
	}

	private static ResponseDefinitionBuilder fault(Fault fault) {
		return aResponse().withFault(fault);
	}

	private static ResponseDefinitionBuilder html(int status) {
		return status(status).withHeader("Content-Type", "text/html;charset=utf-8")
			.withBody("<html><body>Hello</body></html>");
	}

	private static ResponseDefinitionBuilder xml(int status, String body) {
		return status(status).withHeader("Content-Type", XML).withBody(body.getBytes(StandardCharsets.UTF_8));
	}

	private static ResponseDefinitionBuilder denied(String body) {
		return xml(409, body).withHeader("3scale-rejection-reason", "limits_exceeded");
	}

	private static ResponseDefinitionBuilder half(ResponseDefinitionBuilder answer) {
		return answer.withHeader("Content-Length", "2000");
	}

}

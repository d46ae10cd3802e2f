package io.threescale.spring.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationCredentials.OAuthClient;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.MetricHierarchy;
import io.threescale.spring.OAuthApplication;
import io.threescale.spring.PartialReportException;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.http.ConnectionSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * No key, no token and no id of a caller in any log, exception or text.
 */
class SecrecyTests {

	private static final String SECRET = "s3cr3t";

	private static final ServiceCredentials SERVICE = ServiceCredentials.serviceToken("1001", SECRET + "-token");

	private static final List<ApplicationCredentials> CALLERS = List.of(
			ApplicationCredentials.userKey(SECRET + "-user-key"),
			ApplicationCredentials.appId(SECRET + "-id", SECRET + "-key"),
			new OAuthClient(SECRET + "-client", SECRET + "-client-key"));

	@RegisterExtension
	static final WireMockExtension backend = WireMockExtension.newInstance().build();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();

	private final List<String> texts = new ArrayList<>();

	@BeforeEach
	void listen() {
		this.log.start();
		this.loggers.getLogger("ROOT").addAppender(this.log);
		this.loggers.getLogger("io.threescale").setLevel(Level.TRACE);
		this.loggers.getLogger("org.springframework").setLevel(Level.TRACE);
		this.loggers.getLogger("reactor").setLevel(Level.INFO);
	}

	@AfterEach
	void stopListening() {
		Logger root = this.loggers.getLogger("ROOT");
		root.detachAppender(this.log);
		this.loggers.getLogger("io.threescale").setLevel(null);
		this.loggers.getLogger("org.springframework").setLevel(null);
		this.loggers.getLogger("reactor").setLevel(null);
	}

	@Test
	void whenAnythingHappensThenNoSecretIsShown() {
		String quoted = "<error code=\"%s\">key \"" + SECRET + "\" or id \"" + SECRET + "\" is invalid</error>";
		String denial = "<status><authorized>false</authorized><reason>application key \"" + SECRET + "\" or \""
				+ SECRET + "\" is invalid</reason><application><id>" + SECRET + "</id><key>" + SECRET
				+ "</key></application>" + "<plan>p</plan><app_keys><key id=\"" + SECRET + "\"/></app_keys></status>";
		try (ThreeScaleClient client = client(backend.baseUrl())) {
			for (ResponseDefinitionBuilder answer : List.of(answer(200, denial), answer(200, "<broken " + SECRET),
					answer(409, denial), answer(409, denial.replace("\" or", "or")),
					answer(409, denial.replace("key \"" + SECRET + "\" or", "key")), answer(409, "<broken " + SECRET),
					answer(403, quoted.formatted("user_key_invalid")),
					answer(404, quoted.formatted("application_not_found")),
					answer(403, quoted.formatted("service_token_invalid")),
					answer(404, quoted.formatted("metric_invalid")), answer(403, quoted.formatted("brand_new")),
					answer(403, SECRET), answer(500, SECRET), answer(302, SECRET).withHeader("Location", "/?" + SECRET),
					aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER), aResponse().withFault(Fault.EMPTY_RESPONSE),
					aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE), answer(200, denial).withFixedDelay(300))) {
				backend.stubFor(any(anyUrl()).willReturn(answer));
				callAll(client);
			}
		}
		assertNothingIsShown();
		assertThat(this.log.list).as("logging is on")
			.anyMatch((event) -> event.getFormattedMessage().contains("/transactions/authrep.xml"));
	}

	@Test
	void whenBackendCannotBeReachedThenNoSecretIsShown() {
		try (ThreeScaleClient client = client("http://127.0.0.1:9")) {
			callAll(client);
		}
		assertNothingIsShown();
	}

	@Test
	void whenProxyRefusesThenNoSecretIsShown() throws IOException {
		try (ScriptedBackend proxy = new ScriptedBackend((number, connection) -> {
			connection.read();
			connection.write("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
		}); ThreeScaleClient client = ThreeScaleClient.builder(SERVICE).connection(settings(proxy.port())).build()) {
			callAll(client);
		}
		assertNothingIsShown();
	}

	@Test
	void shouldShowNoSecretInAnyText() {
		for (ApplicationCredentials caller : CALLERS) {
			Transaction transaction = Transaction.of(caller, Usage.HIT);
			AuthorizationRequest request = AuthorizationRequest.of(caller)
				.withReferrer(SECRET)
				.withRedirectUri("https://x/?" + SECRET)
				.withParameter("x", SECRET);
			ReportRequest report = ReportRequest.of(List.of(transaction));
			this.texts
				.addAll(List.of(caller.toString(), transaction.toString(), request.toString(), report.toString()));
			PartialReportException partial = new PartialReportException(1, List.of(transaction),
					new ThreeScaleUnavailableException("x", true, null));
			this.texts.add(partial.toString());
		}
		OAuthApplication oauth = new OAuthApplication(SECRET, SECRET, SECRET);
		ApplicationStatus status = new ApplicationStatus("plan", List.of(), null, new MetricHierarchy(Map.of()),
				List.of(SECRET), oauth);
		ThreeScaleClientBuilder builder = ThreeScaleClient.builder(SERVICE);
		try (ThreeScaleClient client = builder.build(); ReactiveThreeScaleClient reactive = builder.buildReactive()) {
			this.texts.addAll(List.of(client.toString(), reactive.toString(), builder.toString()));
		}
		this.texts.addAll(List.of(SERVICE.toString(), ServiceCredentials.providerKey(SECRET, "1").toString(),
				oauth.toString(), status.toString(), new Granted(status).toString(),
				new Denied(ErrorCode.LIMITS_EXCEEDED, "r", status).toString(), settings(1).toString()));
		assertThat(this.texts).allSatisfy((text) -> assertThat(text).doesNotContain(SECRET));
	}

	private void callAll(ThreeScaleClient client) {
		for (ApplicationCredentials caller : CALLERS) {
			AuthorizationRequest request = AuthorizationRequest.of(caller)
				.withReferrer(SECRET)
				.with(Extension.LIST_APP_KEYS);
			call(() -> client.authorize(request));
			call(() -> client.authRep(request));
			call(Outcome.reporting(() -> client.report(Transaction.of(caller, Usage.HIT))));
		}
	}

	private void call(Outcome.Call call) {
		try {
			this.texts.add(String.valueOf(call.make()));
		}
		catch (RuntimeException ex) {
			add(ex);
		}
	}

	private void add(Throwable ex) {
		this.texts.add(ex.toString());
		if (ex.getCause() != null) {
			add(ex.getCause());
		}
		for (Throwable suppressed : ex.getSuppressed()) {
			add(suppressed);
		}
	}

	private void assertNothingIsShown() {
		assertThat(this.texts).isNotEmpty().allSatisfy((text) -> assertThat(text).doesNotContain(SECRET));
		assertThat(List.copyOf(this.log.list)).isNotEmpty().allSatisfy((event) -> {
			assertThat(event.getFormattedMessage()).doesNotContain(SECRET);
			if (event.getThrowableProxy() != null) {
				assertThat(ThrowableProxyUtil.asString(event.getThrowableProxy())).doesNotContain(SECRET);
			}
		});
	}

	private static ThreeScaleClient client(String url) {
		return ThreeScaleClient.builder(SERVICE)
			.baseUrl(URI.create(url))
			.oauthEndpoints(true)
			.connection(new ConnectionSettings(Duration.ofSeconds(1), Duration.ofMillis(150), Duration.ofSeconds(1), 4,
					4, Duration.ofMinutes(1), null))
			.build();
	}

	private static ConnectionSettings settings(int proxy) {
		Duration second = Duration.ofSeconds(1);
		return new ConnectionSettings(second, second, second, 1, 1, second,
				URI.create("http://" + SECRET + ":" + SECRET + "@127.0.0.1:" + proxy));
	}

	private static ResponseDefinitionBuilder answer(int status, String body) {
		return aResponse().withStatus(status)
			.withHeader("Content-Type", "application/vnd.3scale-v2.0+xml")
			.withBody(body);
	}

}

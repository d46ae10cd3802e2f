package io.threescale.spring.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.proxy.ProxyConnectionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ScriptedBackend.Script;
import io.threescale.spring.client.http.ConnectionSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.netty.NettyPipeline;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ThreeScaleClientBuilderTests {

	private static final ServiceCredentials SERVICE = ServiceCredentials.serviceToken("1001", "st1");

	private static final ApplicationCredentials CALLER = ApplicationCredentials.userKey("uk1");

	@RegisterExtension
	static final WireMockExtension backend = WireMockExtension.newInstance()
		.options(WireMockConfiguration.wireMockConfig().dynamicPort().dynamicHttpsPort())
		.build();

	@ParameterizedTest
	@ValueSource(strings = { "ftp://a", "localhost:3000", "/path", "file:///etc", "http:///x", "mailto:a@b" })
	void whenBaseUrlIsNotHttpThenIsRefused(String url) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ThreeScaleClient.builder(SERVICE).baseUrl(URI.create(url)))
			.withMessage("'baseUrl' must be an http or https URL with a host");
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://a?b", "http://a#b", "http://user:password@a" })
	void whenBaseUrlHasMoreThanAPathThenIsRefusedWithoutBeingShown(String url) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ThreeScaleClient.builder(SERVICE).baseUrl(URI.create(url)))
			.withMessage("'baseUrl' must have no user, query or fragment");
	}

	@Test
	void whenServiceIsMissingThenIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> ThreeScaleClient.builder(null))
			.withMessage("'service' must not be null");
	}

	@Test
	void shouldRefuseSettingsThatCannotWork() {
		Duration second = Duration.ofSeconds(1);
		assertRefused(Duration.ZERO, second, second, second, 1, 1, null, "'connectTimeout' must be positive");
		assertRefused(second, second.negated(), second, second, 1, 1, null, "'responseTimeout' must be positive");
		assertRefused(second, second, Duration.ZERO, second, 1, 1, null, "'totalTimeout' must be positive");
		assertRefused(second, second, second, Duration.ZERO, 1, 1, null, "'maxLifeTime' must be positive");
		assertRefused(second, second, second, second, 0, 1, null, "'maxConnections' must be positive");
		assertRefused(second, second, second, second, 1, 0, null, "'maxWaiting' must be positive");
		assertRefused(second, second, second, second, 1, 1, "proxy:3128", "'proxy' must be a URL with a host");
	}

	private static void assertRefused(Duration connect, Duration response, Duration total, Duration life,
			int connections, int waiting, String proxy, String message) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ConnectionSettings(connect, response, total, connections, waiting, life,
					(proxy != null) ? URI.create(proxy) : null))
			.withMessage(message);
	}

	@Test
	void whenCertificateIsTrustedThenTalksTls() throws IOException {
		backend.stubFor(any(anyUrl()).willReturn(ok()));
		SslContext trusting = SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE).build();
		try (ThreeScaleClient client = tls().httpClient((http) -> http.secure((spec) -> spec.sslContext(trusting)))
			.build()) {
			assertThat(client.authRep(CALLER, Usage.HIT).isGranted()).isTrue();
			assertThat(backend.findAll(anyRequestedFor(anyUrl()))).singleElement()
				.satisfies((request) -> assertThat(request.getScheme()).isEqualTo("https"));
		}
	}

	@Test
	void whenCertificateIsNotTrustedThenNothingIsSent() {
		try (ThreeScaleClient client = tls().build()) {
			assertThat(Outcome.of(() -> client.authRep(CALLER, Usage.HIT))).isEqualTo("unavailable");
			assertThat(backend.findAll(anyRequestedFor(anyUrl()))).isEmpty();
		}
	}

	private static ThreeScaleClientBuilder tls() {
		return ThreeScaleClient.builder(SERVICE)
			.baseUrl(URI.create("https://localhost:" + backend.getHttpsPort()))
			.connection(patient(null));
	}

	@Test
	void whenProxyIsSetThenGoesThroughItWithItsCredentials() throws IOException {
		Script script = (number, connection) -> {
			connection.read();
			connection.write("HTTP/1.1 200 Connection established\r\n\r\n");
			connection.read();
			connection.write(ScriptedBackend.GRANTED);
		};
		try (ScriptedBackend proxy = new ScriptedBackend(script); ThreeScaleClient client = through(proxy)) {
			assertThat(client.authRep(CALLER, Usage.HIT).isGranted()).isTrue();
			String credentials = Base64.getEncoder().encodeToString("user:pass:w@rd".getBytes());
			assertThat(proxy.requests()).hasSize(2);
			assertThat(proxy.requests().get(0)).startsWith("CONNECT 127.0.0.1:9 HTTP/1.1\r\n")
				.containsIgnoringCase("proxy-authorization: Basic " + credentials)
				.doesNotContain("uk1");
			assertThat(proxy.requests().get(1)).startsWith("GET /transactions/authrep.xml?")
				.doesNotContainIgnoringCase("proxy-authorization");
		}
	}

	@Test
	void whenProxyRefusesThenNothingIsAmbiguous() throws IOException {
		Script script = (number, connection) -> {
			connection.read();
			connection.write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
			connection.read();
		};
		try (ScriptedBackend proxy = new ScriptedBackend(script); ThreeScaleClient client = through(proxy)) {
			assertThatExceptionOfType(ThreeScaleUnavailableException.class)
				.isThrownBy(() -> client.authRep(CALLER, Usage.HIT))
				.matches((ex) -> !ex.isAmbiguous())
				.havingCause()
				.isInstanceOf(ProxyConnectException.class)
				.withMessageContaining("407");
			assertThat(Outcome.of(Outcome.reporting(() -> client.report(Transaction.of(CALLER, Usage.HIT)))))
				.isEqualTo("unavailable");
			assertThat(proxy.requests()).hasSize(2).allMatch((request) -> request.startsWith("CONNECT"));
		}
	}

	@Test
	void whenProxyDoesNotAnswerThenNothingIsAmbiguous() throws IOException {
		Script script = (number, connection) -> connection.socket().getInputStream().readAllBytes();
		try (ScriptedBackend proxy = new ScriptedBackend(script);
				ThreeScaleClient client = ThreeScaleClient.builder(SERVICE)
					.baseUrl(URI.create("http://127.0.0.1:9"))
					.connection(
							new ConnectionSettings(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1),
									2, 2, Duration.ofMinutes(1), URI.create("http://127.0.0.1:" + proxy.port())))
					.build()) {
			assertThat(Outcome.of(() -> client.authRep(CALLER, Usage.HIT))).isEqualTo("unavailable");
			assertThat(proxy.connections()).isEqualTo(1);
		}
	}

	@Test
	void whenConnectionBreaksBehindTheProxyThenTheCallIsAmbiguous() throws IOException {
		Script script = (number, connection) -> {
			connection.read();
			connection.write("HTTP/1.1 200 Connection established\r\n\r\n");
			connection.read();
		};
		try (ScriptedBackend proxy = new ScriptedBackend(script); ThreeScaleClient client = through(proxy)) {
			assertThat(Outcome.of(() -> client.authRep(CALLER, Usage.HIT))).isEqualTo("ambiguous");
			assertThat(proxy.requests()).hasSize(2);
		}
	}

	@Test
	void whenTheCallerGivesUpAsTheProxyConnectsThenNothingLeaves() throws Exception {
		CompletableFuture<String> sent = new CompletableFuture<>();
		Script script = (number, connection) -> {
			connection.read();
			connection.write("HTTP/1.1 200 Connection established\r\n\r\n");
			sent.complete(connection.read());
		};
		Disposable.Swap call = Disposables.swap();
		try (ScriptedBackend proxy = new ScriptedBackend(script);
				ReactiveThreeScaleClient client = behind(proxy)
					.httpClient((http) -> http.doOnChannelInit((observer, channel, address) -> channel.pipeline()
						.addAfter(NettyPipeline.ProxyHandler, "caller", new GivesUp(call))))
					.buildReactive()) {
			call.replace(client.authRep(CALLER, Usage.HIT).subscribe());
			assertThat(sent.get(10, TimeUnit.SECONDS)).isNull();
		}
	}

	/**
	 * A caller who gives up when the proxy has connected.
	 */
	private static final class GivesUp extends ChannelInboundHandlerAdapter {

		private final Disposable call;

		private GivesUp(Disposable call) {
			this.call = call;
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) {
			if (event instanceof ProxyConnectionEvent) {
				this.call.dispose();
			}
			context.fireUserEventTriggered(event);
		}

	}

	@Test
	void whenManyServicesShareABackendThenTheyShareItsConnectionsAndItsOneThread() throws Exception {
		Script script = (number, connection) -> {
			while (connection.read() != null) {
				connection.write(ScriptedBackend.GRANTED);
			}
		};
		Set<Thread> before = timers();
		try (ScriptedBackend scripted = new ScriptedBackend(script)) {
			SharedBackend shared = ThreeScaleClient.builder(SERVICE).baseUrl(scripted.url()).buildShared();
			for (int i = 0; i < 70; i++) {
				ServiceCredentials service = ServiceCredentials.serviceToken(Integer.toString(i), "st" + i);
				assertThat(shared.client(service).authRep(CALLER, Usage.HIT).block()).matches(Authorization::isGranted);
			}
			assertThat(scripted.connections()).isLessThan(10);
			assertThat(scripted.requests()).hasSize(70).anyMatch((request) -> request.contains("service_token=st69"));
			assertThat(timers()).hasSize(before.size() + 1);
			shared.close();
			assertThat(timers()).isEqualTo(before);
			assertThatExceptionOfType(ThreeScaleUnavailableException.class)
				.isThrownBy(() -> shared.client(SERVICE).authRep(CALLER, Usage.HIT).block());
		}
	}

	private static Set<Thread> timers() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("threescale-timer"))
			.collect(Collectors.toSet());
	}

	private static ThreeScaleClient through(ScriptedBackend proxy) {
		return behind(proxy).build();
	}

	private static ThreeScaleClientBuilder behind(ScriptedBackend proxy) {
		URI url = URI.create("http://user:pass%3Aw%40rd@127.0.0.1:" + proxy.port());
		return ThreeScaleClient.builder(SERVICE).baseUrl(URI.create("http://127.0.0.1:9")).connection(patient(url));
	}

	private static ConnectionSettings patient(URI proxy) {
		Duration patience = Duration.ofSeconds(10);
		return new ConnectionSettings(patience, patience, patience, 2, 2, patience, proxy);
	}

}

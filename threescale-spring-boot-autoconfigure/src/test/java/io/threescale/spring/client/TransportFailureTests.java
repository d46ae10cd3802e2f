package io.threescale.spring.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ScriptedBackend.Script;
import io.threescale.spring.client.http.ConnectionSettings;
import io.threescale.spring.fixture.Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * A call without an answer is told once, by its exception, with what, where and what to
 * do. What the libraries below would log of it, call by call, is not there.
 */
@ExtendWith(OutputCaptureExtension.class)
class TransportFailureTests {

	private static final ApplicationCredentials CALLER = ApplicationCredentials.userKey("uk1");

	private static final Certificate CERTIFICATE = Certificate.of("backend");

	static Stream<Arguments> failures() {
		return Stream.of(arguments("closed", (Script) (number, connection) -> connection.read()),
				arguments("reset", (Script) (number, connection) -> {
					connection.read();
					connection.reset();
				}), arguments("garbage", (Script) (number, connection) -> {
					connection.read();
					connection.write("SSH-2.0-OpenSSH_9.6\r\n\r\n");
				}), arguments("silent", (Script) (number, connection) -> {
					connection.read();
					connection.read();
				}), arguments("half an answer", (Script) (number, connection) -> {
					connection.read();
					connection.write("HTTP/1.1 200 OK\r\nContent-Le");
				}));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("failures")
	void whenNoAnswerComesThenNothingIsLogged(String name, Script script, CapturedOutput output) throws IOException {
		try (ScriptedBackend backend = new ScriptedBackend(script);
				ThreeScaleClient client = hasty(backend.url()).connection(settings(300, 10_000)).build()) {
			assertThatExceptionOfType(ThreeScaleUnavailableException.class)
				.isThrownBy(() -> client.authRep(CALLER, Usage.HIT))
				.withMessageStartingWith("3scale at " + backend.url() + " did not answer authrep: ");
			assertThatExceptionOfType(ThreeScaleUnavailableException.class)
				.isThrownBy(() -> client.authRep(CALLER, Usage.HIT));
		}
		assertThat(output).doesNotContain("WARN", "ERROR");
	}

	@Test
	void whenTheRestOfAnAnswerDoesNotComeThenNothingIsLogged(CapturedOutput output) throws IOException {
		Script script = (number, connection) -> {
			connection.read();
			connection.write(ScriptedBackend.GRANTED.substring(0, ScriptedBackend.GRANTED.length() - 20));
			if (number == 1) {
				connection.read();
			}
		};
		try (ScriptedBackend backend = new ScriptedBackend(script);
				ThreeScaleClient client = hasty(backend.url()).build()) {
			assertThat(client.authRep(CALLER, Usage.HIT).isGranted()).isTrue();
			assertThat(client.authRep(CALLER, Usage.HIT).isGranted()).isTrue();
		}
		assertThat(output).doesNotContain("WARN", "ERROR");
	}

	@Test
	void whenHttpsMeetsAnHttpPortThenSaysSoInOneLine(CapturedOutput output) throws IOException {
		Script plain = (number, connection) -> {
			connection.socket().getInputStream().read();
			connection.write("HTTP/1.1 400 Bad Request\r\n\r\n");
		};
		try (ScriptedBackend backend = new ScriptedBackend(plain);
				ThreeScaleClient client = hasty(URI.create("https://127.0.0.1:" + backend.port())).build()) {
			for (int i = 0; i < 5; i++) {
				assertThatExceptionOfType(ThreeScaleUnavailableException.class)
					.isThrownBy(() -> client.authRep(CALLER, Usage.HIT))
					.withMessage("3scale at https://127.0.0.1:" + backend.port()
							+ " could not be reached for authrep: NotSslRecordException; it does not speak TLS "
							+ "there: check the scheme and the port of the URL");
			}
			assertThat(backend.connections()).as("none is held back").isEqualTo(5);
		}
		assertThat(output).doesNotContain("WARN", "ERROR");
	}

	@Test
	void whenTheTlsHandshakeHangsThenNoConnectionIsHeldBack(CapturedOutput output) throws IOException {
		Script silent = (number, connection) -> connection.socket().getInputStream().readAllBytes();
		try (ScriptedBackend backend = new ScriptedBackend(silent);
				ThreeScaleClient client = hasty(URI.create("https://127.0.0.1:" + backend.port()))
					.connection(settings(1_500, 1_000))
					.build()) {
			for (int i = 0; i < 4; i++) {
				assertThatExceptionOfType(ThreeScaleUnavailableException.class)
					.isThrownBy(() -> client.authRep(CALLER, Usage.HIT))
					.matches((ex) -> !ex.isAmbiguous());
			}
			assertThat(backend.connections()).isGreaterThanOrEqualTo(3);
		}
		assertThat(output).doesNotContain("WARN", "ERROR");
	}

	/**
	 * Under TLS 1.3 the request has left before the client learns of the refusal.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void whenTheTlsHandshakeIsRefusedThenNothingWasBilled(String protocol) throws SSLException {
		SslContext serverContext = SslContextBuilder
			.forServer((PrivateKey) CERTIFICATE.privateKey(), CERTIFICATE.certificate())
			.trustManager(CERTIFICATE.certificate())
			.clientAuth(ClientAuth.REQUIRE)
			.protocols(protocol)
			.build();
		SslContext withoutKey = SslContextBuilder.forClient().trustManager(CERTIFICATE.certificate()).build();
		DisposableServer server = HttpServer.create()
			.host("localhost")
			.secure((spec) -> spec.sslContext(serverContext))
			.handle((request, response) -> response.sendString(Mono.just("<status/>")))
			.bindNow();
		try (ThreeScaleClient client = hasty(URI.create("https://localhost:" + server.port()))
			.httpClient((http) -> http.secure((spec) -> spec.sslContext(withoutKey)))
			.build()) {
			assertThatExceptionOfType(ThreeScaleUnavailableException.class)
				.isThrownBy(() -> client.authRep(CALLER, Usage.HIT))
				.matches((ex) -> !ex.isAmbiguous())
				.withMessage("3scale at https://localhost:" + server.port()
						+ " could not be reached for authrep: SSLHandshakeException; check the certificates of both sides");
		}
		finally {
			server.disposeNow();
		}
	}

	@Test
	void whenHostIsUnknownThenSaysWhich() {
		try (ThreeScaleClient client = hasty(URI.create("http://nowhere.test"))
			.httpClient((http) -> http.resolver(new NoNames()))
			.build()) {
			assertThatExceptionOfType(ThreeScaleUnavailableException.class)
				.isThrownBy(() -> client.authRep(CALLER, Usage.HIT))
				.withMessage("3scale at http://nowhere.test could not be reached for authrep: UnknownHostException; "
						+ "check the host of the URL");
		}
	}

	@Test
	void whenNobodyListensThenSaysWhere() throws IOException {
		int port;
		try (ServerSocket closed = new ServerSocket(0)) {
			port = closed.getLocalPort();
		}
		try (ThreeScaleClient client = hasty(URI.create("http://127.0.0.1:" + port)).build()) {
			assertThatExceptionOfType(ThreeScaleUnavailableException.class)
				.isThrownBy(() -> client.authRep(CALLER, Usage.HIT))
				.withMessageStartingWith("3scale at http://127.0.0.1:" + port + " could not be reached for authrep: ")
				.withMessageEndingWith("; check the host and the port of the URL, and whether 3scale is up");
		}
	}

	private static ThreeScaleClientBuilder hasty(URI url) {
		return ThreeScaleClient.builder(ServiceCredentials.serviceToken("1001", "st1"))
			.baseUrl(url)
			.connection(settings(1_500, 10_000));
	}

	private static ConnectionSettings settings(long response, long total) {
		return new ConnectionSettings(Duration.ofSeconds(10), Duration.ofMillis(response), Duration.ofMillis(total), 1,
				4, Duration.ofMinutes(1), null);
	}

	/**
	 * Resolves nothing, without asking anybody.
	 */
	static final class NoNames extends AddressResolverGroup<InetSocketAddress> {

		@Override
		protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
			return new InetNameResolver(executor) {

				@Override
				protected void doResolve(String name, Promise<InetAddress> promise) {
					promise.setFailure(new UnknownHostException(name));
				}

				@Override
				protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
					promise.setFailure(new UnknownHostException(name));
				}

			}.asAddressResolver();
		}

	}

}

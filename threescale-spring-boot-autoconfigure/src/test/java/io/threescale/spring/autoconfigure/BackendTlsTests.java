package io.threescale.spring.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Certificate;
import io.threescale.spring.metering.ThreeScaleMetered;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whom the application trusts to be 3scale, and how it shows who it is.
 */
@ExtendWith(OutputCaptureExtension.class)
class BackendTlsTests {

	private static final String GRANTED = "<status><authorized>true</authorized><plan>Basic</plan></status>";

	private static final Certificate backend = Certificate.of("backend");

	private static final Certificate first = Certificate.of("first");

	private static final Certificate renewed = Certificate.of("renewed");

	/** Whom the backend has answered, by the certificate of the connection. */
	private static final List<String> callers = new CopyOnWriteArrayList<>();

	/** What the backend waits for before it answers. */
	private static volatile Mono<Void> held = Mono.empty();

	private static DisposableServer open;

	private static DisposableServer strict;

	@TempDir
	Path directory;

	@BeforeAll
	static void start() throws SSLException {
		open = server(ClientAuth.OPTIONAL);
		strict = server(ClientAuth.REQUIRE);
	}

	private static DisposableServer server(ClientAuth clientAuth) throws SSLException {
		SslContext context = SslContextBuilder.forServer((PrivateKey) backend.privateKey(), backend.certificate())
			.clientAuth(clientAuth)
			.trustManager(first.certificate(), renewed.certificate())
			.build();
		return HttpServer.create()
			.host("localhost")
			.secure((spec) -> spec.sslContext(context))
			.handle((request, response) -> {
				request.withConnection((connection) -> callers.add(caller(connection.channel())));
				return response.sendString(held.then(Mono.just(GRANTED)));
			})
			.bindNow();
	}

	private static String caller(Channel channel) {
		Channel connection = (channel.parent() != null && channel.parent().pipeline().get(SslHandler.class) != null)
				? channel.parent() : channel;
		try {
			X509Certificate certificate = (X509Certificate) connection.pipeline()
				.get(SslHandler.class)
				.engine()
				.getSession()
				.getPeerCertificates()[0];
			return certificate.getSubjectX500Principal().getName();
		}
		catch (SSLPeerUnverifiedException ex) {
			return "nobody";
		}
	}

	@AfterAll
	static void stop() {
		open.disposeNow();
		strict.disposeNow();
	}

	@BeforeEach
	void renew() throws IOException {
		callers.clear();
		held = Mono.empty();
		write("ca.pem", backend.certificatePem());
		present(first);
	}

	private void present(Certificate certificate) throws IOException {
		write("key.pem", certificate.keyPem());
		write("certificate.pem", certificate.certificatePem());
	}

	private void write(String name, String content) throws IOException {
		Files.writeString(this.directory.resolve(name), content);
	}

	@Test
	void whenTheCaIsUnknownThenNothingIsSentAndTheFailurePolicyApplies() throws IOException {
		try (Application application = start(open)) {
			assertThat(application.get("/hello").statusCode()).isEqualTo(503);
		}
		write("ca.pem", first.certificatePem());
		try (Application application = start(open, "threescale.connection.ssl.bundle=backend",
				"threescale.failure-policy=allow")) {
			assertThat(application.get("/hello").statusCode()).isEqualTo(200);
		}
		assertThat(callers).isEmpty();
	}

	@Test
	void whenTheNameIsAnotherThenNothingIsSent() {
		try (Application application = start(open, "threescale.connection.ssl.bundle=backend",
				"threescale.url=https://127.0.0.1:" + open.port())) {
			assertThat(application.get("/hello").statusCode()).isEqualTo(503);
			assertThat(callers).isEmpty();
		}
	}

	@Test
	void whenTheBundleHasTheCaThenCallsPass() {
		try (Application application = start(open, "threescale.connection.ssl.bundle=backend")) {
			assertThat(application.get("/hello").statusCode()).isEqualTo(200);
			assertThat(callers).containsExactly("nobody");
		}
	}

	@Test
	void whenTheBackendAsksWhoCallsThenTheBundleTells() {
		try (Application application = start(strict, "threescale.connection.ssl.bundle=backend")) {
			assertThat(application.get("/hello").statusCode()).isEqualTo(503);
			assertThat(callers).isEmpty();
		}
		try (Application application = start(strict, identified())) {
			assertThat(application.get("/hello").statusCode()).isEqualTo(200);
			assertThat(callers).containsExactly("CN=first");
		}
	}

	@Test
	void whenTheCertificateIsRenewedThenNewConnectionsHaveItAndOpenCallsGoOn(CapturedOutput output) throws IOException {
		try (Application application = start(strict,
				identified("threescale.connection.max-life-time=1ms",
						"spring.ssl.bundle.pem.backend.reload-on-update=true",
						"spring.ssl.bundle.watch.file.quiet-period=50ms"))) {
			Sinks.Empty<Void> answer = Sinks.empty();
			held = answer.asMono();
			CompletableFuture<Integer> inFlight = CompletableFuture
				.supplyAsync(() -> application.get("/hello").statusCode());
			await().untilAsserted(() -> assertThat(callers).containsExactly("CN=first"));
			present(renewed);
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(output)
					.contains("New connections to 3scale have the keys and certificates of SSL bundle 'backend'"));
			held = Mono.empty();
			assertThat(application.get("/hello").statusCode()).isEqualTo(200);
			assertThat(callers).containsExactly("CN=first", "CN=renewed");
			answer.tryEmitEmpty();
			assertThat(inFlight.join()).isEqualTo(200);
		}
	}

	@Test
	void whenTheCaIsRenewedThenNewConnectionsTrustIt() throws IOException {
		write("ca.pem", first.certificatePem());
		try (Application application = start(open, "threescale.connection.ssl.bundle=backend",
				"spring.ssl.bundle.pem.backend.reload-on-update=true", "spring.ssl.bundle.watch.file.quiet-period=50ms",
				"threescale.circuit-breaker.enabled=false")) {
			assertThat(application.get("/hello").statusCode()).isEqualTo(503);
			write("ca.pem", backend.certificatePem());
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(application.get("/hello").statusCode()).isEqualTo(200));
		}
	}

	@Test
	void whenTheRenewedCertificateIsNoneThenThatBeforeStays(CapturedOutput output) throws IOException {
		try (Application application = start(strict,
				identified("threescale.connection.max-life-time=1ms",
						"spring.ssl.bundle.pem.backend.reload-on-update=true",
						"spring.ssl.bundle.watch.file.quiet-period=50ms"))) {
			assertThat(application.get("/hello").statusCode()).isEqualTo(200);
			write("certificate.pem", "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n");
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(
						() -> assertThat(output).contains("SSL bundle 'backend' was changed, and cannot be used."));
			assertThat(application.get("/hello").statusCode()).isEqualTo(200);
			assertThat(callers).containsExactly("CN=first", "CN=first");
		}
	}

	private String[] identified(String... properties) {
		return Stream
			.concat(Stream.of("threescale.connection.ssl.bundle=backend",
					"spring.ssl.bundle.pem.backend.keystore.certificate=" + uri("certificate.pem"),
					"spring.ssl.bundle.pem.backend.keystore.private-key=" + uri("key.pem")), Stream.of(properties))
			.toArray(String[]::new);
	}

	private String uri(String file) {
		return this.directory.resolve(file).toUri().toString();
	}

	private Application start(DisposableServer server, String... properties) {
		List<String> all = new ArrayList<>(List.of("threescale.url=https://localhost:" + server.port(),
				"threescale.service-id=4711", "threescale.service-token=token-0815",
				"spring.ssl.bundle.pem.backend.truststore.certificate=" + uri("ca.pem")));
		all.addAll(List.of(properties));
		return Application.start(Api.class, all.toArray(String[]::new));
	}

	@RestController
	@EnableAutoConfiguration
	static class Api {

		@GetMapping("/hello")
		@ThreeScaleMetered
		String hello() {
			return "hello";
		}

	}

}

package io.threescale.spring.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ScriptedBackend.Script;
import io.threescale.spring.client.http.ConnectionSettings;
import io.threescale.spring.client.http.Deadline;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Nothing is ever sent twice, whatever happens to a connection; a failure before anything
 * was sent is told from one after.
 */
class ConnectionTests {

	private static final ApplicationCredentials CALLER = ApplicationCredentials.userKey("uk1");

	private static final ServiceCredentials SERVICE = ServiceCredentials.serviceToken("1001", "st1");

	private static final Transaction TRANSACTION = Transaction.of(CALLER, Usage.HIT);

	static Stream<Arguments> breaks() {
		return Stream.of(arguments("closed after the request", (Script) (number, connection) -> connection.read()),
				arguments("reset after the request", (Script) (number, connection) -> {
					connection.read();
					connection.reset();
				}), arguments("closed after half a status line", (Script) (number, connection) -> {
					connection.read();
					connection.write("HTTP/1.1 20");
				}), arguments("closed after half the headers", (Script) (number, connection) -> {
					connection.read();
					connection.write("HTTP/1.1 200 OK\r\nContent-Type: appl");
				}), arguments("another protocol", (Script) (number, connection) -> {
					connection.read();
					connection.write("SSH-2.0-OpenSSH_9.6\r\n\r\n");
				}));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("breaks")
	void whenNewConnectionBreaksThenAsksOnceAndSaysItIsAmbiguous(String name, Script script) throws IOException {
		try (ScriptedBackend backend = new ScriptedBackend(script);
				ThreeScaleClient client = builder(backend.url()).build()) {
			assertThat(Outcome.of(() -> client.authorize(CALLER, Usage.HIT))).isEqualTo("unavailable");
			assertThat(backend.requests()).hasSize(1);
			assertThat(Outcome.of(() -> client.authRep(CALLER, Usage.HIT))).isEqualTo("ambiguous");
			assertThat(backend.requests()).hasSize(2);
			assertThat(Outcome.of(Outcome.reporting(() -> client.report(TRANSACTION)))).isEqualTo("ambiguous");
			assertThat(backend.requests()).hasSize(3);
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("breaks")
	void whenPooledConnectionBreaksThenAsksOnceAndSaysItIsAmbiguous(String name, Script script) throws IOException {
		Script once = (number, connection) -> {
			connection.read();
			connection.write(ScriptedBackend.GRANTED);
			script.run(number, connection);
		};
		try (ScriptedBackend backend = new ScriptedBackend(once);
				ThreeScaleClient client = single(backend.url()).build()) {
			client.authRep(CALLER, Usage.HIT);
			assertThat(Outcome.of(() -> client.authRep(CALLER, Usage.HIT))).isEqualTo("ambiguous");
			assertThat(backend.requests()).hasSize(2);
			assertThat(backend.connections()).as("connections").isEqualTo(1);
		}
	}

	@Test
	void whenIdleConnectionIsClosedThenTheNextCallUsesAnother() throws Exception {
		CountDownLatch noticed = new CountDownLatch(1);
		Script script = (number, connection) -> {
			connection.read();
			connection.write(ScriptedBackend.GRANTED);
			if (number == 1) {
				connection.socket().shutdownOutput();
				connection.read();
				noticed.countDown();
			}
			connection.read();
		};
		try (ScriptedBackend backend = new ScriptedBackend(script);
				ThreeScaleClient client = builder(backend.url()).build()) {
			client.authRep(CALLER, Usage.HIT);
			assertThat(noticed.await(5, TimeUnit.SECONDS)).isTrue();
			assertThat(client.authRep(CALLER, Usage.HIT).isGranted()).isTrue();
			assertThat(backend.requests()).hasSize(2);
			assertThat(backend.connections()).as("connections").isEqualTo(2);
		}
	}

	/**
	 * The server has closed the pooled connection, and the client finds out while it
	 * writes.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whenIdleConnectionTurnsOutToBeStaleThenIsNotRepeated(boolean reset) throws Exception {
		Semaphore close = new Semaphore(0);
		Semaphore closed = new Semaphore(0);
		Script script = (number, connection) -> {
			connection.read();
			connection.write(ScriptedBackend.GRANTED);
			close.acquireUninterruptibly();
			if (reset) {
				connection.reset();
			}
			else {
				connection.socket().close();
			}
			closed.release();
		};
		AtomicInteger calls = new AtomicInteger();
		try (ScriptedBackend backend = new ScriptedBackend(script);
				ThreeScaleClient client = single(backend.url())
					.httpClient((http) -> http.doOnRequest((request, connection) -> {
						if (calls.incrementAndGet() == 2) {
							close.release();
							closed.acquireUninterruptibly();
						}
					}))
					.build()) {
			client.authRep(CALLER, Usage.HIT);
			assertThat(Outcome.of(() -> client.authRep(CALLER, Usage.HIT))).isEqualTo("ambiguous");
			assertThat(backend.requests()).hasSize(1);
			assertThat(backend.connections()).as("connections").isEqualTo(1);
			assertThat(calls).as("attempts").hasValue(2);
		}
	}

	@Test
	void whenPooledConnectionIsGoneBeforeTheRequestLeavesThenNothingIsAmbiguous() throws IOException {
		Script script = (number, connection) -> {
			while (connection.read() != null) {
				connection.write(ScriptedBackend.GRANTED);
			}
		};
		AtomicInteger attempts = new AtomicInteger();
		try (ScriptedBackend backend = new ScriptedBackend(script);
				ThreeScaleClient client = single(backend.url())
					.httpClient((http) -> http.doOnRequest((request, connection) -> {
						if (attempts.incrementAndGet() == 2) {
							connection.channel().close();
						}
					}))
					.build()) {
			client.authRep(CALLER, Usage.HIT);
			assertThat(Outcome.of(() -> client.authRep(CALLER, Usage.HIT))).isEqualTo("unavailable");
			assertThat(attempts).hasValue(2);
			assertThat(backend.requests()).hasSize(1);
		}
	}

	@Test
	void whenRefusedThenNothingIsAmbiguous() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = socket.getLocalPort();
		}
		try (ThreeScaleClient client = builder(URI.create("http://127.0.0.1:" + port)).build()) {
			assertUnavailable(client);
		}
	}

	@Test
	void whenHostIsUnknownThenNothingIsAmbiguous() {
		try (ThreeScaleClient client = builder(URI.create("http://nowhere.test"))
			.httpClient((http) -> http.resolver(new TransportFailureTests.NoNames()))
			.build()) {
			assertUnavailable(client);
		}
	}

	@Test
	void whenTlsHandshakeFailsThenNothingIsAmbiguous() throws IOException {
		Script plain = (number, connection) -> {
			connection.socket().getInputStream().read();
			connection.write("HTTP/1.1 400 Bad Request\r\n\r\n");
		};
		try (ScriptedBackend backend = new ScriptedBackend(plain);
				ThreeScaleClient client = builder(URI.create("https://127.0.0.1:" + backend.port())).build()) {
			assertUnavailable(client);
			assertThat(backend.connections()).isEqualTo(3);
		}
	}

	/**
	 * The one thing Reactor Netty is seen to repeat unless told not to.
	 */
	@Test
	void whenTlsHandshakeIsResetThenDoesNotTryAgain() throws IOException {
		Script script = (number, connection) -> {
			connection.socket().getInputStream().read();
			connection.reset();
		};
		try (ScriptedBackend backend = new ScriptedBackend(script);
				ThreeScaleClient client = builder(URI.create("https://127.0.0.1:" + backend.port())).build()) {
			assertThat(Outcome.of(() -> client.authRep(CALLER, Usage.HIT))).isEqualTo("unavailable");
			assertThat(backend.connections()).isEqualTo(1);
		}
	}

	@Test
	void whenTlsHandshakeHangsThenNothingIsAmbiguous() throws IOException {
		Script silent = (number, connection) -> connection.socket().getInputStream().readAllBytes();
		try (ScriptedBackend backend = new ScriptedBackend(silent);
				ThreeScaleClient client = builder(URI.create("https://127.0.0.1:" + backend.port()))
					.connection(settings(300, 300, 300, 1, 1))
					.build()) {
			assertThat(Outcome.of(() -> client.authRep(CALLER, Usage.HIT))).isEqualTo("unavailable");
		}
	}

	@Test
	void whenNoConnectionIsFreeInTimeThenNothingIsAmbiguous() throws Exception {
		try (SilentBackend silent = new SilentBackend();
				ReactiveThreeScaleClient client = builder(silent.url()).connection(settings(300, 4000, 5000, 1, 10))
					.buildReactive()) {
			Mono<Authorization> first = started(client.authRep(CALLER, Usage.HIT));
			silent.awaitRequests(1);
			StepVerifier.create(client.authRep(CALLER, Usage.HIT))
				.expectErrorSatisfies((ex) -> assertUnambiguous(ex, "no connection was free in time"))
				.verify(Duration.ofSeconds(3));
			silent.answer();
			StepVerifier.create(first).expectNextMatches(Authorization::isGranted).verifyComplete();
			assertThat(silent.requests()).hasSize(1);
		}
	}

	@Test
	void whenBackendIsSilentThenNoMoreThanAFewWaitForIt() throws Exception {
		try (SilentBackend silent = new SilentBackend();
				ReactiveThreeScaleClient client = builder(silent.url()).connection(settings(4000, 4000, 5000, 64, 2))
					.buildReactive()) {
			Mono<Authorization> first = started(client.authRep(CALLER, Usage.HIT));
			Mono<Authorization> second = started(client.authRep(CALLER, Usage.HIT));
			silent.awaitRequests(2);
			Awaitility.await().pollDelay(Duration.ofMillis(300)).until(() -> true);
			StepVerifier.create(client.authRep(CALLER, Usage.HIT))
				.expectErrorSatisfies((ex) -> assertUnambiguous(ex, "too many calls wait"))
				.verify(Duration.ofSeconds(1));
			silent.answer();
			StepVerifier.create(first).expectNextMatches(Authorization::isGranted).verifyComplete();
			StepVerifier.create(second).expectNextMatches(Authorization::isGranted).verifyComplete();
			assertThat(silent.requests()).hasSize(2);
		}
	}

	/**
	 * They have entered while the backend still seemed to answer.
	 */
	@Test
	void whenBackendFallsSilentThenThoseWithoutAConnectionGo() throws Exception {
		try (SilentBackend silent = new SilentBackend();
				ReactiveThreeScaleClient client = builder(silent.url()).connection(settings(4000, 4000, 5000, 1, 1))
					.buildReactive()) {
			Mono<Authorization> first = started(client.authRep(CALLER, Usage.HIT));
			StepVerifier.create(client.authRep(CALLER, Usage.HIT))
				.expectErrorSatisfies((ex) -> assertUnambiguous(ex, "3scale at " + silent.url()))
				.verify(Duration.ofSeconds(3));
			silent.answer();
			StepVerifier.create(first).expectNextMatches(Authorization::isGranted).verifyComplete();
		}
	}

	@Test
	void whenTheDeadlineComesWhileConnectingThenNothingIsAmbiguousAndNothingLeaves() throws Exception {
		Script silent = (number, connection) -> connection.socket().getInputStream().readAllBytes();
		try (ScriptedBackend backend = new ScriptedBackend(silent);
				ReactiveThreeScaleClient client = builder(URI.create("https://127.0.0.1:" + backend.port()))
					.connection(settings(10_000, 10_000, 10_000, 1, 1))
					.buildReactive()) {
			StepVerifier.create(client.report(TRANSACTION).contextWrite(Deadline.within(Duration.ofMillis(200))))
				.expectErrorSatisfies((ex) -> assertUnambiguous(ex, "TimeoutException"))
				.verify(Duration.ofSeconds(3));
		}
	}

	@Test
	void whenTheDeadlineComesWhileWaitingForAConnectionThenNothingIsAmbiguousAndNothingLeaves() throws Exception {
		try (SilentBackend silent = new SilentBackend();
				ReactiveThreeScaleClient client = builder(silent.url())
					.connection(settings(10_000, 10_000, 10_000, 1, 10))
					.buildReactive()) {
			Mono<Authorization> first = started(client.authRep(CALLER, Usage.HIT));
			silent.awaitRequests(1);
			StepVerifier.create(client.report(TRANSACTION).contextWrite(Deadline.within(Duration.ofMillis(200))))
				.expectErrorSatisfies((ex) -> assertUnambiguous(ex, "TimeoutException"))
				.verify(Duration.ofSeconds(3));
			silent.answer();
			StepVerifier.create(first).expectNextMatches(Authorization::isGranted).verifyComplete();
			StepVerifier.create(client.authorize(CALLER, Usage.HIT))
				.expectNextMatches(Authorization::isGranted)
				.verifyComplete();
			assertThat(silent.requests()).hasSize(2).noneMatch((request) -> request.startsWith("POST"));
		}
	}

	@Test
	void whenTheDeadlineComesAfterTheRequestHasLeftThenThatIsAmbiguous() throws Exception {
		try (SilentBackend silent = new SilentBackend();
				ReactiveThreeScaleClient client = builder(silent.url())
					.connection(settings(10_000, 10_000, 10_000, 1, 1))
					.buildReactive()) {
			StepVerifier.create(client.report(TRANSACTION).contextWrite(Deadline.within(Duration.ofMillis(500))))
				.expectErrorSatisfies((ex) -> assertThat(Outcome.of((ThreeScaleException) ex)).isEqualTo("ambiguous"))
				.verify(Duration.ofSeconds(3));
			assertThat(silent.requests()).hasSize(1);
		}
	}

	@Test
	void whenTheDeadlineIsOverThenNothingLeaves() throws Exception {
		try (SilentBackend silent = new SilentBackend();
				ReactiveThreeScaleClient client = builder(silent.url()).buildReactive()) {
			StepVerifier.create(client.report(TRANSACTION).contextWrite(Deadline.within(Duration.ZERO)))
				.expectErrorSatisfies((ex) -> assertUnambiguous(ex, "TimeoutException"))
				.verify(Duration.ofSeconds(3));
			assertThat(silent.requests()).isEmpty();
		}
	}

	@Test
	void whenAConnectionIsOldThenTheNextCallUsesAnother() throws IOException {
		Script script = (number, connection) -> {
			while (connection.read() != null) {
				connection.write(ScriptedBackend.GRANTED);
			}
		};
		ConnectionSettings shortLived = new ConnectionSettings(Duration.ofSeconds(10), Duration.ofSeconds(10),
				Duration.ofSeconds(10), 1, 1, Duration.ofMillis(100), null);
		try (ScriptedBackend backend = new ScriptedBackend(script);
				ThreeScaleClient client = builder(backend.url()).connection(shortLived).build()) {
			client.authRep(CALLER, Usage.HIT);
			Awaitility.await().untilAsserted(() -> {
				client.authRep(CALLER, Usage.HIT);
				assertThat(backend.connections()).isGreaterThan(1);
			});
		}
	}

	@Test
	void whenClosedUnderACallThenItFails() throws Exception {
		try (SilentBackend silent = new SilentBackend()) {
			ReactiveThreeScaleClient client = builder(silent.url()).connection(settings(10_000, 10_000, 10_000, 1, 1))
				.buildReactive();
			Mono<Authorization> call = started(client.authRep(CALLER, Usage.HIT));
			silent.awaitRequests(1);
			client.close();
			StepVerifier.create(call)
				.expectErrorSatisfies((ex) -> assertThat(Outcome.of((ThreeScaleException) ex)).isEqualTo("ambiguous"))
				.verify(Duration.ofSeconds(3));
		}
	}

	@Test
	void whenARequestCannotBeMadeThenTheCallFailsAndDoesNotThrow() {
		try (ReactiveThreeScaleClient client = builder(URI.create("http://127.0.0.1:9")).buildReactive()) {
			StepVerifier.create(client.report((ReportRequest) null)).verifyError(NullPointerException.class);
			StepVerifier.create(client.authRep(null)).verifyError(NullPointerException.class);
		}
	}

	@Test
	void whenCallIsCancelledThenItsConnectionIsFree() throws Exception {
		Semaphore arrived = new Semaphore(0);
		Script script = (number, connection) -> {
			connection.read();
			arrived.release();
			if (number > 1) {
				connection.write(ScriptedBackend.GRANTED);
			}
			connection.read();
		};
		try (ScriptedBackend backend = new ScriptedBackend(script);
				ReactiveThreeScaleClient client = builder(backend.url()).connection(settings(1000, 4000, 5000, 1, 1))
					.buildReactive()) {
			Disposable call = client.authRep(CALLER, Usage.HIT).subscribe();
			assertThat(arrived.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
			call.dispose();
			StepVerifier.create(client.authRep(CALLER, Usage.HIT))
				.expectNextMatches(Authorization::isGranted)
				.expectComplete()
				.verify(Duration.ofSeconds(3));
			assertThat(backend.requests()).hasSize(2);
		}
	}

	@Test
	void whenServerAsksToCloseThenTheConnectionIsNotReused() throws IOException {
		Script script = (number, connection) -> {
			connection.read();
			connection
				.write(ScriptedBackend.GRANTED.replace("\r\nContent-Type", "\r\nConnection: close\r\nContent-Type"));
			connection.read();
		};
		try (ScriptedBackend backend = new ScriptedBackend(script);
				ThreeScaleClient client = builder(backend.url()).build()) {
			assertThat(IntStream.range(0, 3).mapToObj((i) -> client.authRep(CALLER, Usage.HIT).isGranted()))
				.containsOnly(true);
			assertThat(backend.connections()).isEqualTo(3);
		}
	}

	@Test
	void shouldReuseConnections() throws IOException {
		Script script = (number, connection) -> {
			while (connection.read() != null) {
				connection.write(ScriptedBackend.GRANTED);
			}
		};
		try (ScriptedBackend backend = new ScriptedBackend(script);
				ThreeScaleClient client = single(backend.url()).build()) {
			IntStream.range(0, 10).forEach((i) -> client.authRep(CALLER, Usage.HIT));
			assertThat(backend.requests()).hasSize(10);
			assertThat(backend.connections()).isEqualTo(1);
		}
	}

	@Test
	void whenClosedThenIsUnavailable() throws IOException {
		Script script = (number, connection) -> {
			while (connection.read() != null) {
				connection.write(ScriptedBackend.GRANTED);
			}
		};
		try (ScriptedBackend backend = new ScriptedBackend(script)) {
			ThreeScaleClient client = builder(backend.url()).build();
			client.authRep(CALLER, Usage.HIT);
			client.close();
			assertThatExceptionOfType(ThreeScaleUnavailableException.class)
				.isThrownBy(() -> client.authRep(CALLER, Usage.HIT))
				.satisfies((ex) -> assertThat(ex.isAmbiguous()).isFalse());
			assertThat(backend.requests()).hasSize(1);
		}
	}

	private static void assertUnavailable(ThreeScaleClient client) {
		assertThat(Outcome.of(() -> client.authorize(CALLER, Usage.HIT))).isEqualTo("unavailable");
		assertThat(Outcome.of(() -> client.authRep(CALLER, Usage.HIT))).isEqualTo("unavailable");
		assertThat(Outcome.of(Outcome.reporting(() -> client.report(TRANSACTION)))).isEqualTo("unavailable");
	}

	private static void assertUnambiguous(Throwable ex, String cause) {
		assertThat(Outcome.of((ThreeScaleException) ex)).isEqualTo("unavailable");
		assertThat(ex).hasMessageContaining(cause);
	}

	private static <T> Mono<T> started(Mono<T> call) {
		Mono<T> cached = call.cache();
		cached.subscribe((answer) -> {
		}, (ex) -> {
		});
		return cached;
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static ThreeScaleClientBuilder builder(URI url) {
		return ThreeScaleClient.builder(SERVICE).baseUrl(url);
	}

	private static ThreeScaleClientBuilder single(URI url) {
		return builder(url).connection(settings(1000, 2000, 3000, 1, 10));
	}

	private static ConnectionSettings settings(long connect, long response, long total, int connections, int waiting) {
		return new ConnectionSettings(Duration.ofMillis(connect), Duration.ofMillis(response), Duration.ofMillis(total),
				connections, waiting, Duration.ofMinutes(1), null);
	}

	/**
	 * Takes requests, and answers all of them when it is told to.
	 */
	private static final class SilentBackend implements AutoCloseable {

		private final CountDownLatch go = new CountDownLatch(1);

		private final ScriptedBackend backend = new ScriptedBackend((number, connection) -> {
			while (connection.read() != null) {
				await(this.go);
				connection.write(ScriptedBackend.GRANTED);
			}
		});

		SilentBackend() throws IOException {
		}

		URI url() {
			return this.backend.url();
		}

		List<String> requests() {
			return this.backend.requests();
		}

		void awaitRequests(int number) {
			Awaitility.await().until(() -> requests().size() == number);
		}

		void answer() {
			this.go.countDown();
		}

		@Override
		public void close() throws IOException {
			this.go.countDown();
			this.backend.close();
		}

	}

}

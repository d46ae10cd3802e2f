package io.threescale.spring.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import io.threescale.spring.ErrorCode;
import io.threescale.spring.Period;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ThreeScaleSandbox}.
 */
class ThreeScaleSandboxTests {

	private static final Instant NOW = Instant.parse("2026-11-23T05:11:30Z");

	private final SandboxWorld world = SandboxWorld.of("1001",
			SandboxService.userKey("st1")
				.withMetrics(SandboxMetric.of("hits", "search"))
				.withPlan("basic", SandboxLimit.of("hits", Period.MINUTE, 2))
				.withApplication(SandboxApplication.userKey("demo")));

	private final ThreeScaleSandbox sandbox = ThreeScaleSandbox.start(this.world, 0, Clock.fixed(NOW, ZoneOffset.UTC));

	@AfterEach
	void stop() {
		this.sandbox.close();
	}

	@Test
	void usageOfAMethodCountsForItsMetricToo() throws IOException {
		assertThat(authrep("search", 1).status()).isEqualTo(200);
		assertThat(this.sandbox.usage("demo", "search")).isEqualTo(1);
		assertThat(this.sandbox.usage("demo", "hits")).isEqualTo(1);
	}

	@Test
	void usageAddsUpAlongTheWholeTree() throws IOException {
		this.sandbox.replaceWorld(SandboxWorld.of("1001",
				SandboxService.userKey("st1")
					.withMetrics(SandboxMetric.of("hits", SandboxMetric.of("search", "fast", "slow")))
					.withApplication(SandboxApplication.userKey("demo"))));
		authrep("fast", 2);
		authrep("slow", 3);
		assertThat(this.sandbox.usage("demo", "search")).isEqualTo(5);
		assertThat(this.sandbox.usage("demo", "hits")).isEqualTo(5);
	}

	@Test
	void journalTellsWhatWasCounted() throws IOException {
		authrep("search", 1);
		report("&transactions[0][user_key]=demo&transactions[0][usage][hits]=4&transactions[0][log][code]=404"
				+ "&transactions[0][timestamp]=2026-11-23%2005:00:00");
		assertThat(this.sandbox.transactions()).containsExactly(
				new CountedTransaction(SandboxOperation.AUTHREP, "1001", "demo", Map.of("search", 1L), NOW, null),
				new CountedTransaction(SandboxOperation.REPORT, "1001", "demo", Map.of("hits", 4L),
						Instant.parse("2026-11-23T05:00:00Z"), "404"));
	}

	@Test
	void authorizeCountsNothing() throws IOException {
		assertThat(get("authorize", "&usage[hits]=1").status()).isEqualTo(200);
		assertThat(this.sandbox.transactions()).isEmpty();
		assertThat(this.sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(1);
		assertThat(this.sandbox.requests(SandboxOperation.AUTHREP)).isZero();
	}

	@Test
	void oneBadTransactionVoidsTheReport() throws IOException {
		RawHttp.Response response = report("&transactions[0][user_key]=demo&transactions[0][usage][hits]=1"
				+ "&transactions[1][user_key]=nobody&transactions[1][usage][hits]=1");
		assertThat(response.status()).isEqualTo(202);
		assertThat(this.sandbox.usage("demo", "hits")).isZero();
		assertThat(this.sandbox.integrationErrors()).extracting(IntegrationError::code)
			.containsExactly(ErrorCode.USER_KEY_INVALID);
	}

	@Test
	void limitIsOverUntilTheClockAdvances() throws IOException {
		assertThat(authrep("hits", 2).status()).isEqualTo(200);
		assertThat(authrep("hits", 1).status()).isEqualTo(409);
		this.sandbox.advance(Duration.ofSeconds(30));
		assertThat(authrep("hits", 1).status()).isEqualTo(200);
		assertThat(this.sandbox.clock().instant()).isEqualTo(NOW.plusSeconds(30));
	}

	@Test
	void resetForgetsEverything() throws IOException {
		authrep("hits", 2);
		authrep("nope", 1);
		this.sandbox.fail(Fault.storageDown());
		this.sandbox.replaceWorld(SandboxWorld.of("1001", SandboxService.userKey("st1")));
		this.sandbox.advance(Duration.ofDays(1));
		this.sandbox.reset();
		assertThat(this.sandbox.clock().instant()).isEqualTo(NOW);
		assertThat(this.sandbox.usage("demo", "hits")).isZero();
		assertThat(this.sandbox.transactions()).isEmpty();
		assertThat(this.sandbox.integrationErrors()).isEmpty();
		assertThat(this.sandbox.requests(SandboxOperation.AUTHREP)).isZero();
		assertThat(authrep("hits", 2).status()).isEqualTo(200);
	}

	@Test
	void heldBackUsageIsDeliveredBeforeAReaderLooks() {
		this.sandbox.deliverBeforeReading(() -> {
			try {
				authrep("hits", 1);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		assertThat(this.sandbox.usage("demo", "hits")).isEqualTo(1);
		assertThat(this.sandbox.transactions()).hasSize(2);
		this.sandbox.reset();
		assertThat(this.sandbox.transactions("demo")).hasSize(1);
	}

	@Test
	void transactionsAreThoseOfAnApplicationByItsKeyOrItsId() throws IOException {
		this.sandbox.replaceWorld(SandboxWorld.of("1001",
				SandboxService.userKey("st1")
					.withApplication(SandboxApplication.userKey("demo").withAppId("id"))
					.withApplication(SandboxApplication.userKey("other"))));
		authrep("hits", 1);
		assertThat(this.sandbox.transactions("demo")).hasSize(1).isEqualTo(this.sandbox.transactions("id"));
		assertThat(this.sandbox.transactions("other")).isEmpty();
		assertThatIllegalArgumentException().isThrownBy(() -> this.sandbox.transactions("nobody"));
	}

	@Test
	void awaitEndsWhenItsTimeIsOver() {
		assertThat(this.sandbox.await(() -> true, Duration.ZERO)).isTrue();
		assertThat(this.sandbox.await(() -> false, Duration.ofMillis(1))).isFalse();
	}

	@Test
	void replacedWorldKeepsCounters() throws IOException {
		authrep("hits", 2);
		SandboxService raised = this.world.services()
			.get("1001")
			.withPlan("basic", SandboxLimit.of("hits", Period.MINUTE, 3));
		this.sandbox.replaceWorld(SandboxWorld.of("1001", raised));
		assertThat(authrep("hits", 1).status()).isEqualTo(200);
		assertThat(authrep("hits", 1).status()).isEqualTo(409);
	}

	@Test
	void failsTheNextCallsWithAnyAnswer() throws IOException {
		this.sandbox.failNext(1, Fault.status(503));
		this.sandbox.failNext(1, Fault.answer(502, Map.of("retry-after", "7"), "<html>"));
		assertThat(authrep("hits", 1).status()).isEqualTo(503);
		RawHttp.Response answer = authrep("hits", 1);
		assertThat(answer.status()).isEqualTo(502);
		assertThat(answer.headers()).containsEntry("retry-after", "7");
		assertThat(answer.body()).isEqualTo("<html>");
		assertThat(this.sandbox.usage("demo", "hits")).isZero();
		assertThat(authrep("hits", 1).status()).isEqualTo(200);
	}

	@Test
	void failsAsAProxyBeforeAndAfterCounting() throws IOException {
		this.sandbox.failNext(1, Fault.proxy(503));
		this.sandbox.failNext(1, Fault.proxy(504).afterCounting());
		RawHttp.Response unsent = authrep("hits", 1);
		assertThat(unsent.status()).isEqualTo(503);
		assertThat(unsent.headers()).containsEntry("content-type", "text/html");
		assertThat(unsent.body()).contains("<h1>503 Service Unavailable</h1>");
		assertThat(this.sandbox.usage("demo", "hits")).isZero();
		assertThat(authrep("hits", 1).status()).isEqualTo(504);
		assertThat(this.sandbox.usage("demo", "hits")).isEqualTo(1);
	}

	@Test
	void failsAsEnvoyThatWasReset() throws IOException {
		this.sandbox.failNext(1, Fault.envoyReset());
		this.sandbox.failNext(1, Fault.envoyReset().afterCounting());
		RawHttp.Response answer = authrep("hits", 1);
		assertThat(answer.status()).isEqualTo(503);
		assertThat(answer.body()).contains("disconnect/reset before headers");
		assertThat(this.sandbox.usage("demo", "hits")).isZero();
		assertThat(authrep("hits", 1)).isEqualTo(answer);
		assertThat(this.sandbox.usage("demo", "hits")).isEqualTo(1);
	}

	@Test
	void failsUntilRecovered() throws IOException {
		this.sandbox.fail(Fault.storageDown());
		assertThat(authrep("hits", 1).status()).isEqualTo(500);
		assertThat(authrep("hits", 1).body()).isEqualTo("Internal Server Error\n");
		assertThat(send(RawHttp.Request.get("/status")).status()).isEqualTo(200);
		this.sandbox.recover();
		assertThat(authrep("hits", 1).status()).isEqualTo(200);
	}

	@Test
	void failsSomeOperationsOnly() throws IOException {
		this.sandbox.fail(Fault.status(503), SandboxOperation.REPORT);
		assertThat(authrep("hits", 1).status()).isEqualTo(200);
		assertThat(report("&transactions[0][user_key]=demo&transactions[0][usage][hits]=1").status()).isEqualTo(503);
	}

	@Test
	void nextFaultsComeBeforeTheOneThatStays() throws IOException {
		this.sandbox.fail(Fault.status(503));
		this.sandbox.failNext(1, Fault.status(502));
		assertThat(authrep("hits", 1).status()).isEqualTo(502);
		assertThat(authrep("hits", 1).status()).isEqualTo(503);
	}

	@Test
	void hangsUpBeforeCounting() {
		this.sandbox.failNext(1, Fault.hangUpBeforeCounting());
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> authrep("hits", 1));
		assertThat(this.sandbox.usage("demo", "hits")).isZero();
		assertThat(this.sandbox.requests(SandboxOperation.AUTHREP)).isEqualTo(1);
	}

	@Test
	void hangsUpAfterCounting() {
		this.sandbox.failNext(1, Fault.hangUpAfterCounting());
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> authrep("hits", 1));
		assertThat(this.sandbox.usage("demo", "hits")).isEqualTo(1);
	}

	@Test
	void answersLate() throws IOException {
		this.sandbox.failNext(1, Fault.slow(Duration.ofMillis(50)));
		long start = System.nanoTime();
		assertThat(authrep("hits", 1).status()).isEqualTo(200);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
		assertThat(this.sandbox.usage("demo", "hits")).isEqualTo(1);
	}

	@Test
	void listensOnLoopbackOnly() throws IOException {
		List<InetAddress> others = NetworkInterface.networkInterfaces()
			.flatMap(NetworkInterface::inetAddresses)
			.filter((address) -> !address.isLoopbackAddress() && address.getAddress().length == 4)
			.toList();
		for (InetAddress other : others) {
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> new Socket(other, this.sandbox.port()).close());
		}
		assertThat(this.sandbox.uri()).hasHost("127.0.0.1").hasPort(this.sandbox.port());
	}

	@Test
	void closeFreesThePort() throws IOException {
		int port = this.sandbox.port();
		this.sandbox.close();
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			assertThat(socket.isBound()).isTrue();
		}
		try (ThreeScaleSandbox again = ThreeScaleSandbox.start(this.world, port)) {
			assertThat(again.port()).isEqualTo(port);
		}
	}

	@Test
	void neverShowsKeys() throws IOException {
		SandboxApplication application = SandboxApplication.userKey("uk-secret").withAppId("a1");
		SandboxWorld secret = SandboxWorld.of("1001", SandboxService.userKey("st-secret").withApplication(application))
			.withProvider("pk-secret");
		authrep("hits", 1);
		assertThat(secret + "" + application + this.sandbox + this.sandbox.transactions()).doesNotContain("secret")
			.doesNotContain("demo");
	}

	@Test
	void worldThatContradictsItselfSaysHow() {
		SandboxService service = SandboxService.userKey("st1");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> SandboxWorld.of("1", service.withPlan("p", SandboxLimit.of("nope", Period.DAY, 1))))
			.withMessageContaining("'nope'")
			.withMessageContaining("[hits]");
		assertThatIllegalArgumentException().isThrownBy(
				() -> SandboxWorld.of("1", service.withApplication(SandboxApplication.userKey("demo").onPlan("gold"))))
			.withMessageContaining("'gold'");
		assertThatIllegalArgumentException().isThrownBy(() -> SandboxLimit.of("hits", new Period("fortnight"), 1))
			.withMessageContaining("fortnight")
			.withMessageContaining("minute");
	}

	@Test
	void unknownApplicationHasNoUsage() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.sandbox.usage("nobody", "hits"))
			.withMessageContaining("world");
		assertThatIllegalArgumentException().isThrownBy(() -> this.sandbox.usage("demo", "hist"))
			.withMessageContaining("'hist'");
	}

	@Test
	void takenPortSaysSo() {
		assertThatIllegalStateException().isThrownBy(() -> ThreeScaleSandbox.start(this.world, this.sandbox.port()))
			.withMessageContaining("port " + this.sandbox.port());
	}

	private RawHttp.Response authrep(String metric, int amount) throws IOException {
		return get("authrep", "&usage[" + metric + "]=" + amount);
	}

	private RawHttp.Response get(String operation, String parameters) throws IOException {
		return send(RawHttp.Request
			.get("/transactions/" + operation + ".xml?service_token=st1&service_id=1001&user_key=demo" + parameters));
	}

	private RawHttp.Response report(String transactions) throws IOException {
		return send(RawHttp.Request.post("/transactions.xml", "service_token=st1&service_id=1001" + transactions));
	}

	private RawHttp.Response send(RawHttp.Request request) throws IOException {
		return RawHttp.send(this.sandbox.port(), request);
	}

}

package io.threescale.spring.client;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ScriptedBackend.Script;
import io.threescale.spring.client.http.ConnectionSettings;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class BlockingThreeScaleClientTests {

	private static final ApplicationCredentials CALLER = ApplicationCredentials.userKey("uk1");

	@Test
	void whenInterruptedWhileWaitingThenGivesUpAndStaysInterrupted() throws Exception {
		assertThat(outcomeOfInterruption((client) -> client.authRep(CALLER, Usage.HIT))).isEqualTo("ambiguous");
		assertThat(outcomeOfInterruption((client) -> client.authorize(CALLER, Usage.HIT))).isEqualTo("unavailable");
	}

	private static String outcomeOfInterruption(Function<ThreeScaleClient, Object> call) throws Exception {
		CountDownLatch arrived = new CountDownLatch(1);
		CountDownLatch hungUp = new CountDownLatch(1);
		Script script = (number, connection) -> {
			connection.read();
			arrived.countDown();
			connection.read();
			hungUp.countDown();
		};
		AtomicReference<String> outcome = new AtomicReference<>();
		AtomicBoolean interrupted = new AtomicBoolean();
		try (ScriptedBackend backend = new ScriptedBackend(script); ThreeScaleClient client = client(backend.url())) {
			Thread thread = new Thread(() -> {
				outcome.set(Outcome.of(() -> call.apply(client)));
				interrupted.set(Thread.currentThread().isInterrupted());
			});
			thread.start();
			assertThat(arrived.await(5, TimeUnit.SECONDS)).isTrue();
			thread.interrupt();
			thread.join(1500);
			assertThat(thread.isAlive()).isFalse();
			assertThat(interrupted).isTrue();
			assertThat(hungUp.await(1, TimeUnit.SECONDS)).as("connection is closed").isTrue();
		}
		return outcome.get();
	}

	@Test
	void whenThreadMustNotBlockThenRefusesBeforeAnythingIsSent() throws Exception {
		try (ScriptedBackend backend = new ScriptedBackend((number, connection) -> connection.read());
				ThreeScaleClient client = client(backend.url())) {
			Mono<?> call = Mono.fromCallable(() -> client.authRep(CALLER, Usage.HIT))
				.subscribeOn(Schedulers.parallel());
			assertThatIllegalStateException().isThrownBy(call::block)
				.withMessageMatching("Thread 'parallel-\\d+' must not wait for 3scale; use a ReactiveThreeScaleClient");
			assertThat(backend.connections()).isZero();
		}
	}

	private static ThreeScaleClient client(URI url) {
		Duration patience = Duration.ofSeconds(30);
		return ThreeScaleClient.builder(ServiceCredentials.serviceToken("1001", "st1"))
			.baseUrl(url)
			.connection(new ConnectionSettings(patience, patience, patience, 1, 1, patience, null))
			.build();
	}

}

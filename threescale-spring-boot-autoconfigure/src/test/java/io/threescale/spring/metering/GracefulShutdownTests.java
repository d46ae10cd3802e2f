package io.threescale.spring.metering;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.Transaction;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.fixture.Application;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * A stop under load: what was answered is counted.
 */
class GracefulShutdownTests {

	private static final int CALLERS = 20;

	private final AtomicInteger answered = new AtomicInteger();

	private final AtomicBoolean stopped = new AtomicBoolean();

	WebApplicationType webStack() {
		return WebApplicationType.SERVLET;
	}

	@ParameterizedTest
	@ValueSource(strings = { "1ms", "500ms" })
	void whenStoppedThenSettlementsAreAwaited(String delay) throws Exception {
		AtomicInteger counted;
		ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
		try (Application application = Application.start(webStack(), Api.class, "server.shutdown=graceful",
				"delay=" + delay)) {
			int port = application.port();
			counted = application.bean(AtomicInteger.class);
			for (int i = 0; i < CALLERS; i++) {
				CompletableFuture.runAsync(() -> callUntilStopped(port), callers);
			}
			Awaitility.await().until(() -> this.answered.get() > 2 * CALLERS);
		}
		int countedAtTheEnd = counted.get();
		this.stopped.set(true);
		callers.shutdown();
		assertThat(callers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		// On a busy machine the server closes a connection before it has written the
		// answer
		assertThat(countedAtTheEnd).isBetween(this.answered.get(), this.answered.get() + CALLERS);
	}

	private void callUntilStopped(int port) {
		while (!this.stopped.get()) {
			try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), port)) {
				caller.getOutputStream()
					.write("GET /done HTTP/1.1\r\nHost: localhost\r\nuser-key: key-1\r\nConnection: close\r\n\r\n"
						.getBytes(StandardCharsets.US_ASCII));
				String answer = new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
				if (answer.startsWith("HTTP/1.1 200")) {
					this.answered.incrementAndGet();
				}
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	@RestController
	@EnableAutoConfiguration
	static class Api {

		@Bean
		AtomicInteger counted() {
			return new AtomicInteger();
		}

		/** Grants at once, and takes its time to count. */
		@Bean
		ReactiveThreeScaleClient client(AtomicInteger counted, @Value("${delay}") Duration delay) {
			ReactiveThreeScaleClient client = mock();
			given(client.authorize(any(AuthorizationRequest.class)))
				.willReturn(Mono.just(new Granted(ApplicationStatus.UNKNOWN)));
			given(client.report(any(Transaction.class)))
				.willAnswer((invocation) -> Mono.delay(delay).doOnNext((tick) -> counted.incrementAndGet()).then());
			return client;
		}

		@GetMapping("/done")
		@ThreeScaleMetered(chargeOn = "completion")
		String done() {
			return "done";
		}

	}

}

package io.threescale.spring.metering.servlet;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Charges;
import io.threescale.spring.fixture.JettyServer;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.ServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A stream without a timeout, whose caller hangs up, and that nobody completes.
 */
class UnattendedStreamTests {

	private static final AtomicLong SENT = new AtomicLong();

	@ParameterizedTest
	@ValueSource(classes = { OnTomcat.class, OnJetty.class })
	void whenCallerHangsUpThenChargedWhatWasAddedUntilThen(Class<?> server) {
		assertChargedWhatWasSent(server, "/unattended");
		assertChargedWhatWasSent(server, "/flux");
	}

	/** Jetty leaves it to the end of the body to tell that the call is over. */
	@Test
	void whenBodyEndsByItselfThenMayAddUntilThen() {
		assertChargedWhatWasSent(OnJetty.class, "/body");
	}

	private static void assertChargedWhatWasSent(Class<?> server, String path) {
		SENT.set(0);
		try (Application application = Application.start(server, "threescale.sandbox.enabled=true",
				"threescale.sandbox.services.1001.metrics[0].name=hits",
				"threescale.sandbox.services.1001.metrics[1].name=tokens",
				"threescale.sandbox.services.1001.plans.basic.limits[0].metric=tokens",
				"threescale.sandbox.services.1001.plans.basic.limits[0].period=day",
				"threescale.sandbox.services.1001.plans.basic.limits[0].max=1000000",
				"threescale.sandbox.services.1001.applications[0].user-key=key-1",
				"threescale.sandbox.services.1001.applications[0].plan=basic")) {
			application.hangUp(path);
			ThreeScaleSandbox sandbox = application.bean(ThreeScaleSandbox.class);
			Awaitility.await().untilAsserted(() -> assertThat(sandbox.transactions()).isNotEmpty());
			assertThat(SENT.get()).isPositive();
			Charges.assertSum(sandbox, Map.of("tokens", SENT.get()));
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class OnTomcat {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class OnJetty {

		@Bean
		ServletWebServerFactory jetty() {
			return new JettyServer();
		}

	}

	@RestController
	@ThreeScaleMetered(metric = "tokens", delta = 500)
	static class Controller {

		@GetMapping("/unattended")
		SseEmitter unattended(MeteredCall call) {
			SseEmitter emitter = new SseEmitter(0L);
			send(emitter, call);
			return emitter;
		}

		@GetMapping(path = "/flux", produces = "text/event-stream")
		Flux<String> flux(MeteredCall call) {
			return Flux.interval(Duration.ofMillis(10)).map((tick) -> {
				call.add("tokens", 1);
				SENT.incrementAndGet();
				return "text";
			});
		}

		@GetMapping("/body")
		StreamingResponseBody body(MeteredCall call) {
			return (output) -> {
				try {
					while (true) {
						output.write(new byte[8192]);
						output.flush();
					}
				}
				finally {
					SENT.set(77);
					call.add("tokens", 77);
				}
			};
		}

		private static void send(SseEmitter emitter, MeteredCall call) {
			Executor later = CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS);
			later.execute(() -> {
				try {
					emitter.send("text");
					call.add("tokens", 1);
					SENT.incrementAndGet();
					send(emitter, call);
				}
				catch (IOException | IllegalStateException ex) {
					// Nobody completes the emitter, and Spring would ignore it
				}
			});
		}

	}

}

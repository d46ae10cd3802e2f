package io.threescale.spring.metering.servlet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.metering.ThreeScaleMetered;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A backend that takes connections and answers nothing does not take the threads of the
 * container away from calls that have nothing to do with it.
 */
@ExtendWith(OutputCaptureExtension.class)
class HangingBackendTests {

	private static final Duration TIME = Duration.ofSeconds(2);

	/** A machine that is busy with something else is slow now and then. */
	private static final int MORE_TRIES = 2;

	private final HttpClient caller = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@Test
	void whenManyCallersOfAMeteredEndpointWaitThenOthersDoNot(CapturedOutput output) throws Exception {
		othersDoNotWait("false", output);
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenThreadsAreVirtualThenOthersDoNotWaitEither(CapturedOutput output) throws Exception {
		othersDoNotWait("true", output);
	}

	/**
	 * As quick as beside callers who do not wait either, however busy the machine is.
	 */
	private void othersDoNotWait(String virtualThreads, CapturedOutput output) throws Exception {
		try (ServerSocket backend = hanging();
				Application application = start(backend, "spring.threads.virtual.enabled=" + virtualThreads)) {
			URI api = URI.create("http://127.0.0.1:" + application.port());
			long alone = p99Beside(api.resolve("/other"), api);
			long bound = Math.max(300, 2 * alone);
			long beside = p99Beside(api.resolve("/metered"), api);
			for (int more = 0; more < MORE_TRIES && beside >= bound; more++) {
				beside = p99Beside(api.resolve("/metered"), api);
			}
			assertThat(beside).as("p99 of unmetered calls in ms, %s beside others", alone).isLessThan(bound);
			assertThat(output.toString().split("does not answer. It is asked only now and then", -1)).hasSize(2);
		}
	}

	private long p99Beside(URI busy, URI api) throws InterruptedException {
		AtomicBoolean over = new AtomicBoolean();
		Queue<Long> times = new ConcurrentLinkedQueue<>();
		CountDownLatch done = new CountDownLatch(510);
		IntStream.range(0, 500)
			.forEach((i) -> repeat(busy, new ConcurrentLinkedQueue<>(), Duration.ofSeconds(2), over, done));
		IntStream.range(0, 10).forEach((i) -> repeat(api.resolve("/free"), times, Duration.ofMillis(20), over, done));
		Awaitility.await().pollDelay(TIME).atMost(Duration.ofMinutes(1)).until(() -> times.size() >= 200);
		over.set(true);
		assertThat(done.await(1, TimeUnit.MINUTES)).isTrue();
		List<Long> sorted = times.stream().sorted().toList();
		return sorted.get(sorted.size() * 99 / 100);
	}

	@ParameterizedTest
	@ValueSource(strings = { "true", "false" })
	void noCallTakesMuchLongerThanTheTimeLimits(String virtualThreads) throws Exception {
		try (ServerSocket backend = hanging();
				Application application = start(backend, "spring.threads.virtual.enabled=" + virtualThreads,
						"threescale.circuit-breaker.enabled=false", "threescale.connection.max-waiting=100",
						"threescale.connection.response-timeout=500ms", "threescale.connection.total-timeout=1s")) {
			URI api = URI.create("http://127.0.0.1:" + application.port() + "/metered");
			Queue<Long> times = new ConcurrentLinkedQueue<>();
			Mono.when(IntStream.range(0, 100).mapToObj((i) -> call(api, times)).toList()).block();
			assertThat(times).hasSize(100).allMatch((millis) -> millis < 10_000);
		}
	}

	private void repeat(URI uri, Queue<Long> times, Duration pause, AtomicBoolean over, CountDownLatch done) {
		call(uri, times).then(Mono.delay(pause))
			.repeat(() -> !over.get())
			.doFinally((signal) -> done.countDown())
			.subscribe((tick) -> {
			}, (ex) -> {
			});
	}

	private Mono<Integer> call(URI uri, Queue<Long> times) {
		return Mono.defer(() -> {
			long start = System.nanoTime();
			return Mono
				.fromFuture(this.caller.sendAsync(HttpRequest.newBuilder(uri).header("user-key", "key-1").build(),
						BodyHandlers.discarding()))
				.map((answer) -> answer.statusCode())
				.doOnNext((status) -> times.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)));
		});
	}

	/** The kernel takes the connections. */
	private static ServerSocket hanging() throws IOException {
		return new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
	}

	private static Application start(ServerSocket backend, String... properties) {
		return Application.start(Api.class,
				StringUtils.concatenateStringArrays(
						new String[] { "threescale.url=http://127.0.0.1:" + backend.getLocalPort(),
								"threescale.service-id=1", "threescale.service-token=token",
								"threescale.connection.response-timeout=2s", "threescale.connection.total-timeout=3s" },
						properties));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Api {

	}

	@RestController
	static class Controller {

		@GetMapping("/metered")
		@ThreeScaleMetered
		String metered() {
			return "metered";
		}

		@GetMapping({ "/free", "/other" })
		String free() {
			return "free";
		}

	}

}

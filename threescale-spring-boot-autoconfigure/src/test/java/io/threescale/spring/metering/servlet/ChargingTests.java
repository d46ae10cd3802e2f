package io.threescale.spring.metering.servlet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.ThreeScaleMetered;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One request is charged once, whatever it goes through.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ChargingTests {

	private static final Map<String, String> ONE_HIT = Map.of("hits", "1");

	@RegisterExtension
	static final Backend backend = new Backend();

	private Application application;

	private Metered metered;

	@BeforeAll
	void start() {
		this.application = Application.start(backend, Api.class, properties());
		this.metered = this.application.bean(Metered.class);
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	String[] properties() {
		return new String[0];
	}

	Application application() {
		return this.application;
	}

	@ParameterizedTest
	@ValueSource(strings = { "/plain", "/entity", "/callable", "/future", "/deferred", "/mono", "/flux", "/emitter",
			"/streaming", "/web-async-task", "/forward/unmetered-to-metered", "/forward/metered-to-metered",
			"/forward/metered-to-unmetered", "/include/metered-twice", "/include/unmetered-to-metered-twice",
			"/dispatch/unmetered-to-metered", "/dispatch/metered-to-metered", "/dispatch/metered-to-unmetered" })
	void whenMethodReturnsThenChargesOnce(String path) {
		HttpResponse<String> answer = this.application.get(path);
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).contains("done");
		assertThat(backend.usages()).containsExactly(ONE_HIT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/throws", "/future-fails", "/mono-fails", "/callable-throws" })
	void whenMethodFailsThenErrorPageIsNotChargedAgain(String path) {
		HttpResponse<String> answer = this.application.get(path);
		assertThat(answer.statusCode()).isEqualTo(500);
		assertThat(answer.body()).isEqualTo("error page");
		assertThat(backend.usages()).containsExactly(ONE_HIT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/sends-error", "/status-exception" })
	void whenMethodSendsErrorThenErrorPageIsNotChargedAgain(String path) {
		HttpResponse<String> answer = this.application.get(path);
		assertThat(answer.statusCode()).isEqualTo(409);
		assertThat(answer.body()).isEqualTo("error page");
		assertThat(backend.usages()).containsExactly(ONE_HIT);
	}

	@Test
	void whenUnmeteredMethodFailsThenMeteredErrorPageIsNotCharged() {
		HttpResponse<String> answer = this.application.get("/unmetered-throws");
		assertThat(answer.statusCode()).isEqualTo(500);
		assertThat(answer.body()).isEqualTo("error page");
		assertThat(backend.usages()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/web-async-task-late", "/deferred-late", "/emitter-late" })
	void whenAsyncMethodTimesOutThenChargesOnce(String path) {
		assertThat(this.application.get(path).statusCode()).isIn(200, 503);
		assertThat(backend.usages()).containsExactly(ONE_HIT);
	}

	@Test
	void whenHeadThenChargesOnce() {
		HttpResponse<String> answer = this.application.send("HEAD", "/plain", "user-key", "key-1");
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(backend.usages()).containsExactly(ONE_HIT);
	}

	@Test
	void whenTwoRequestsThenChargesTwice() {
		this.application.get("/plain");
		this.application.get("/callable");
		assertThat(backend.usages()).containsExactly(ONE_HIT, ONE_HIT);
	}

	@Test
	void whenRedirectedThenEachRequestIsCharged() {
		HttpResponse<String> answer = this.application.get("/redirect");
		assertThat(answer.statusCode()).isEqualTo(302);
		assertThat(backend.usages()).containsExactly(ONE_HIT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/plain", "/cors", "/posted", "/callable" })
	void whenOptionsThenChargesNothing(String path) {
		assertThat(this.application.send("OPTIONS", path).statusCode()).isEqualTo(200);
		assertThat(backend.usages()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/plain", "/cors", "/explicit-options" })
	void whenPreflightThenChargesNothing(String path) throws Exception {
		String answer = raw("OPTIONS " + path + " HTTP/1.1\r\nHost: localhost\r\nOrigin: https://example.org\r\n"
				+ "Access-Control-Request-Method: GET\r\nConnection: close\r\n\r\n");
		assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("done");
		assertThat(backend.usages()).isEmpty();
	}

	@Test
	void whenOriginIsRefusedThenChargesNothing() throws Exception {
		String answer = raw("GET /cors HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n"
				+ "user-key: key-1\r\nConnection: close\r\n\r\n");
		assertThat(answer).startsWith("HTTP/1.1 403");
		assertThat(backend.usages()).isEmpty();
	}

	@Test
	void whenOptionsIsMappedExplicitlyThenChargesOnce() {
		HttpResponse<String> answer = this.application.send("OPTIONS", "/explicit-options", "user-key", "key-1");
		assertThat(answer.body()).startsWith("done");
		assertThat(backend.usages()).containsExactly(ONE_HIT);
	}

	@Test
	void whenNothingIsMappedThenChargesNothing() {
		assertThat(this.application.get("/nothing-here").statusCode()).isEqualTo(404);
		assertThat(this.application.send("POST", "/plain", "user-key", "key-1").statusCode()).isEqualTo(405);
		assertThat(this.application.send("GET", "/only-json", "user-key", "key-1", "Accept", "image/png").statusCode())
			.isEqualTo(406);
		assertThat(this.application.get("/unmetered").body()).isEqualTo("done");
		assertThat(backend.usages()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/plain", "/callable", "/mono", "/flux", "/emitter", "/streaming", "/deferred",
			"/forward/unmetered-to-metered", "/forward/metered-to-metered", "/dispatch/unmetered-to-metered" })
	void whenDeniedThenMethodIsNotReached(String path) {
		backend.denies("application_not_active");
		int before = this.metered.reached.get();
		HttpResponse<String> answer = this.application.get(path);
		assertThat(answer.statusCode()).isEqualTo(403);
		assertThat(this.metered.reached).hasValue(before);
		assertThat(backend.calls()).hasSize(1);
	}

	@Test
	void whenCallerHasNoCredentialsThenMethodIsNotReachedAndBackendNotAsked() {
		int before = this.metered.reached.get();
		assertThat(this.application.send("GET", "/plain").statusCode()).isEqualTo(401);
		assertThat(this.metered.reached).hasValue(before);
		assertThat(backend.calls()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/endless-stream", "/endless-emitter", "/endless-flux" })
	void whenCallerLeavesInTheMiddleThenChargesOnce(String path) throws Exception {
		this.metered.left.clear();
		try (Socket socket = new Socket("127.0.0.1", this.application.port())) {
			socket.setSoLinger(true, 0);
			socket.getOutputStream()
				.write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nuser-key: key-1\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			assertThat(socket.getInputStream().readNBytes(200)).hasSize(200);
		}
		assertThat(this.metered.left.poll(10, TimeUnit.SECONDS)).isEqualTo(path);
		this.application.get("/plain");
		assertThat(backend.usages()).containsExactly(ONE_HIT, ONE_HIT);
	}

	private String raw(String request) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", this.application.port())) {
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			InputStream answer = socket.getInputStream();
			return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Metered.class, Unmetered.class, Errors.class })
	static class Api {

	}

	@RestController
	@ThreeScaleMetered
	static class Metered {

		final AtomicInteger reached = new AtomicInteger();

		final BlockingQueue<String> left = new LinkedBlockingQueue<>();

		@GetMapping("/plain")
		String plain() {
			return done();
		}

		@GetMapping("/entity")
		ResponseEntity<String> entity() {
			return ResponseEntity.ok(done());
		}

		@GetMapping("/callable")
		Callable<String> callable() {
			return this::done;
		}

		@GetMapping("/callable-throws")
		Callable<String> callableThrows() {
			return () -> {
				throw new IllegalStateException("on purpose");
			};
		}

		@GetMapping("/future")
		CompletableFuture<String> future() {
			return CompletableFuture.supplyAsync(this::done);
		}

		@GetMapping("/future-fails")
		CompletableFuture<String> futureFails() {
			return CompletableFuture.failedFuture(new IllegalStateException("on purpose"));
		}

		@GetMapping("/deferred")
		DeferredResult<String> deferred() {
			DeferredResult<String> result = new DeferredResult<>();
			CompletableFuture.runAsync(() -> result.setResult(done()));
			return result;
		}

		@GetMapping("/deferred-late")
		DeferredResult<String> deferredLate() {
			return new DeferredResult<>(50L);
		}

		@GetMapping("/mono")
		Mono<String> mono() {
			return Mono.fromCallable(this::done).delayElement(Duration.ofMillis(5));
		}

		@GetMapping("/mono-fails")
		Mono<String> monoFails() {
			return Mono.error(new IllegalStateException("on purpose"));
		}

		@GetMapping(path = "/flux", produces = "text/event-stream")
		Flux<String> flux() {
			return Flux.just("not", "yet", "done")
				.delayElements(Duration.ofMillis(5))
				.doOnSubscribe((subscription) -> done());
		}

		@GetMapping("/emitter")
		SseEmitter emitter() {
			return emitted(new SseEmitter());
		}

		@GetMapping("/emitter-late")
		SseEmitter emitterLate() {
			return new SseEmitter(50L);
		}

		@GetMapping("/streaming")
		StreamingResponseBody streaming() {
			return (out) -> out.write(done().getBytes(StandardCharsets.UTF_8));
		}

		@GetMapping("/web-async-task")
		WebAsyncTask<String> webAsyncTask() {
			return new WebAsyncTask<>(this::done);
		}

		@GetMapping("/web-async-task-late")
		WebAsyncTask<String> webAsyncTaskLate() {
			CompletableFuture<String> late = new CompletableFuture<>();
			WebAsyncTask<String> task = new WebAsyncTask<>(50L, late::join);
			task.onTimeout(() -> late.complete("late") ? "timed out" : "late");
			return task;
		}

		@GetMapping("/throws")
		String throwing() {
			throw new IllegalStateException("on purpose");
		}

		@GetMapping("/sends-error")
		void sendError(HttpServletResponse response) throws IOException {
			response.sendError(409);
		}

		@GetMapping("/status-exception")
		String statusException() {
			throw new ResponseStatusException(HttpStatus.CONFLICT);
		}

		@CrossOrigin("https://example.org")
		@GetMapping("/cors")
		String cors() {
			return done();
		}

		@PostMapping("/posted")
		String posted() {
			return done();
		}

		@RequestMapping(path = "/explicit-options", method = { RequestMethod.GET, RequestMethod.OPTIONS })
		String explicitOptions() {
			return done();
		}

		@GetMapping(path = "/only-json", produces = "application/json")
		Map<String, String> onlyJson() {
			return Map.of("answer", done());
		}

		@GetMapping("/endless-stream")
		StreamingResponseBody endlessStream() {
			return (out) -> writeEndlessly(out, "/endless-stream");
		}

		@GetMapping("/endless-emitter")
		SseEmitter endlessEmitter() {
			SseEmitter emitter = new SseEmitter();
			CompletableFuture.runAsync(() -> sendEndlessly(emitter));
			return emitter;
		}

		@GetMapping(path = "/endless-flux", produces = "text/event-stream")
		Flux<String> endlessFlux() {
			return Flux.interval(Duration.ofMillis(1))
				.onBackpressureDrop()
				.map((tick) -> "x".repeat(1000))
				.doOnCancel(() -> this.left.add("/endless-flux"));
		}

		private void writeEndlessly(OutputStream out, String path) throws IOException {
			try {
				while (true) {
					out.write(new byte[8192]);
					out.flush();
				}
			}
			finally {
				this.left.add(path);
			}
		}

		private void sendEndlessly(SseEmitter emitter) {
			try {
				while (true) {
					emitter.send("x".repeat(1000));
				}
			}
			catch (IOException | IllegalStateException ex) {
				this.left.add("/endless-emitter");
			}
		}

		private SseEmitter emitted(SseEmitter emitter) {
			CompletableFuture.runAsync(() -> {
				try {
					emitter.send(done());
					emitter.complete();
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
			return emitter;
		}

		private String done() {
			this.reached.incrementAndGet();
			return "done by " + Thread.currentThread();
		}

	}

	@Controller
	static class Unmetered {

		@GetMapping("/unmetered")
		@ResponseBody
		String unmetered() {
			return "done";
		}

		@GetMapping("/unmetered-throws")
		void throwing() {
			throw new IllegalStateException("on purpose");
		}

		@GetMapping("/forward/unmetered-to-metered")
		String toMetered() {
			return "forward:/plain";
		}

		@GetMapping("/forward/metered-to-metered")
		@ThreeScaleMetered
		String meteredToMetered() {
			return "forward:/plain";
		}

		@GetMapping("/forward/metered-to-unmetered")
		@ThreeScaleMetered
		String meteredToUnmetered() {
			return "forward:/unmetered";
		}

		@GetMapping("/redirect")
		@ThreeScaleMetered
		String redirect() {
			return "redirect:/plain";
		}

		@GetMapping("/include/metered-twice")
		@ThreeScaleMetered
		void includeMetered(HttpServletRequest request, HttpServletResponse response)
				throws ServletException, IOException {
			include(request, response);
		}

		@GetMapping("/include/unmetered-to-metered-twice")
		void include(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
			for (int i = 0; i < 2; i++) {
				RequestDispatcher dispatcher = request.getRequestDispatcher("/plain");
				dispatcher.include(request, response);
			}
		}

		@GetMapping("/dispatch/unmetered-to-metered")
		void dispatch(HttpServletRequest request, HttpServletResponse response) {
			AsyncContext async = request.startAsync();
			async.dispatch("/callable");
		}

		@GetMapping("/dispatch/metered-to-metered")
		@ThreeScaleMetered
		void dispatchMetered(HttpServletRequest request, HttpServletResponse response) {
			request.startAsync().dispatch("/callable");
		}

		@GetMapping("/dispatch/metered-to-unmetered")
		@ThreeScaleMetered
		void dispatchToUnmetered(HttpServletRequest request, HttpServletResponse response) {
			request.startAsync().dispatch("/unmetered");
		}

	}

	@RestController
	@ThreeScaleMetered("errors")
	static class Errors implements ErrorController {

		@RequestMapping("/error")
		String error() {
			return "error page";
		}

	}

}

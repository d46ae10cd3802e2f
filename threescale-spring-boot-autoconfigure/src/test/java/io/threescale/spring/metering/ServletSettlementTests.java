package io.threescale.spring.metering;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.threescale.spring.fixture.Meters;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * With what only Spring MVC has.
 */
class ServletSettlementTests extends SettlementTests {

	ServletSettlementTests() {
		super(WebApplicationType.SERVLET, ServletApi.class);
	}

	@ParameterizedTest
	@CsvSource({ "/added-async, 43", "/streamed, 44", "/events, 45", "/measured-async/47, 47", "/forwarding, 11",
			"/by-the-container, 50" })
	void whenDoneInAWayOfServletsThenChargedOnceWithWhatWasUsed(String path, long tokens) {
		assertCharged(path, tokens);
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Api.class, ServletController.class, Forwarded.class, Meters.class })
	static class ServletApi {

	}

	/** A forward in a forward, of which the middle one is metered. */
	@RestController
	static class Forwarded {

		@GetMapping("/forwarding")
		void forwarding(HttpServletRequest request, HttpServletResponse response) throws Exception {
			request.getRequestDispatcher("/forwarded").forward(request, response);
		}

		@GetMapping("/forwarded")
		@ThreeScaleMetered(metric = "tokens", delta = 500)
		void forwarded(HttpServletRequest request, HttpServletResponse response, MeteredCall call) throws Exception {
			call.add("tokens", 10);
			request.getRequestDispatcher("/inner").include(request, response);
			request.getRequestDispatcher("/inner").forward(request, response);
			call.add("tokens", 1);
		}

		@GetMapping("/inner")
		String inner() {
			return "";
		}

	}

	@RestController
	@ThreeScaleMetered(metric = "tokens", delta = 500)
	static class ServletController {

		@GetMapping("/added-async")
		Callable<String> addedAsync(MeteredCall call) {
			return () -> {
				call.add("tokens", 43);
				return "";
			};
		}

		@GetMapping("/streamed")
		StreamingResponseBody streamed(MeteredCall call) {
			return (output) -> {
				output.write("text".getBytes());
				output.flush();
				call.add("tokens", 44);
			};
		}

		@GetMapping("/events")
		SseEmitter events(MeteredCall call) throws IOException {
			SseEmitter emitter = new SseEmitter();
			emitter.send("text");
			call.add("tokens", 45);
			emitter.complete();
			return emitter;
		}

		@GetMapping("/endless")
		StreamingResponseBody endless(MeteredCall call) {
			ENDLESS.set(0);
			return (output) -> {
				while (true) {
					output.write(new byte[8192]);
					output.flush();
					call.add("tokens", 1);
					ENDLESS.incrementAndGet();
				}
			};
		}

		@GetMapping("/measured-async/{length}")
		@ThreeScaleMetered(metric = "tokens", units = "#result.length()")
		Callable<String> measuredAsync(@PathVariable int length) {
			return () -> "x".repeat(length);
		}

		@GetMapping("/by-the-container")
		void byTheContainer(HttpServletRequest request, MeteredCall call) {
			AsyncContext context = request.startAsync();
			CompletableFuture.runAsync(() -> {
				call.add("tokens", 50);
				context.complete();
			}, CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
		}

	}

}

package io.threescale.spring.metering.reactive;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import io.threescale.spring.fixture.Charges;
import io.threescale.spring.fixture.SandboxedApplication;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.ThreeScaleMetered;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is charged when an exchange is done, and with what.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ReactiveSettlementTests {

	private static final AtomicLong ENDLESS = new AtomicLong();

	@RegisterExtension
	final SandboxedApplication application = new SandboxedApplication(WebApplicationType.REACTIVE, Api.class)
		.metrics("hits", "tokens");

	@ParameterizedTest
	@CsvSource({ "/added, 42", "/streamed, 3", "/from-context, 7", "/silent, 500", "/measured/46, 46",
			"/measured-entity/48, 48", "/measured-plain/49, 49", "/measured-future/50, 50",
			"/measured-entity-of-mono/51, 51", "/flux-is-not-collected, 9", "/flux-is-no-result, 3" })
	void whenDoneThenChargedOnceWithWhatWasUsed(String path, long tokens) {
		assertThat(this.application.get(path).statusCode()).isEqualTo(200);
		Charges.assertSum(this.application.sandbox(), Map.of("tokens", tokens));
	}

	@ParameterizedTest
	@CsvSource({ "/on-success/200, true", "/on-success/404, false", "/on-success/thrown, false",
			"/on-success/resolved, false", "/on-statuses/404, true", "/on-statuses/resolved, true",
			"/on-statuses/200, false" })
	void whenStatusIsOneOfThoseThenCharged(String path, boolean charged) {
		this.application.get(path);
		this.application.get("/measured/1");
		Charges.assertSum(this.application.sandbox(),
				charged ? Map.of("hits", 1L, "tokens", 1L) : Map.of("tokens", 1L));
	}

	@Test
	void whenCallerHangsUpThenChargedWhatWasAddedUntilThen() {
		this.application.hangUp("/endless");
		Awaitility.await().untilAsserted(() -> assertThat(this.application.sandbox().transactions()).isNotEmpty());
		long added = ENDLESS.get();
		assertThat(added).isPositive();
		Charges.assertSum(this.application.sandbox(), Map.of("tokens", added));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Api {

	}

	@RestController
	@ThreeScaleMetered(metric = "tokens", delta = 500)
	static class Controller {

		@GetMapping("/added")
		Mono<String> added(MeteredCall call) {
			return Mono.fromSupplier(() -> {
				call.add("tokens", 40).add("tokens", 2);
				return "";
			});
		}

		@GetMapping("/streamed")
		Flux<String> streamed(MeteredCall call) {
			return Flux.just("one", "two", "three").doOnNext((token) -> call.add("tokens", 1));
		}

		@GetMapping("/from-context")
		@ThreeScaleMetered(metric = "tokens", chargeOn = "completion")
		Flux<String> fromContext() {
			return Flux.just("text")
				.delayUntil((text) -> MeteredCall.current().doOnNext((call) -> call.add("tokens", 7)));
		}

		@GetMapping("/silent")
		Mono<String> silent(MeteredCall call) {
			return Mono.just("");
		}

		@GetMapping("/endless")
		Flux<String> endless(MeteredCall call) {
			ENDLESS.set(0);
			return Flux.interval(Duration.ofMillis(1)).onBackpressureDrop().map((tick) -> {
				call.add("tokens", 1);
				ENDLESS.incrementAndGet();
				return "x".repeat(8192);
			});
		}

		@GetMapping("/measured/{length}")
		@ThreeScaleMetered(metric = "tokens", units = "#result.length()")
		Mono<String> measured(@PathVariable int length) {
			return Mono.just("x".repeat(length));
		}

		@GetMapping("/measured-entity/{length}")
		@ThreeScaleMetered(metric = "tokens", units = "#path['length'] == '48' ? #result.length() : 0")
		Mono<ResponseEntity<String>> measuredEntity(@PathVariable int length) {
			return Mono.just(ResponseEntity.ok("x".repeat(length)));
		}

		@GetMapping("/measured-plain/{length}")
		@ThreeScaleMetered(metric = "tokens", units = "#result.length()")
		String measuredPlain(@PathVariable int length) {
			return "x".repeat(length);
		}

		@GetMapping("/measured-future/{length}")
		@ThreeScaleMetered(metric = "tokens", units = "#result.length()")
		CompletableFuture<String> measuredFuture(@PathVariable int length) {
			return CompletableFuture.completedFuture("x".repeat(length));
		}

		@GetMapping("/measured-entity-of-mono/{length}")
		@ThreeScaleMetered(metric = "tokens", units = "#result.length()")
		ResponseEntity<Mono<String>> measuredEntityOfMono(@PathVariable int length) {
			return ResponseEntity.ok(Mono.just("x".repeat(length)));
		}

		@GetMapping("/flux-is-no-result")
		@ThreeScaleMetered(metric = "tokens", units = "#result == null ? 3 : 4")
		Flux<String> fluxIsNoResult() {
			return Flux.just("one", "two");
		}

		@GetMapping("/flux-is-not-collected")
		@ThreeScaleMetered(metric = "tokens", delta = 9, units = "#result.size()")
		Flux<String> flux() {
			return Flux.just("one", "two");
		}

		@GetMapping("/on-success/{status}")
		@ThreeScaleMetered(chargeOn = "success")
		Mono<ResponseEntity<String>> onSuccess(@PathVariable String status) {
			return answer(status);
		}

		@GetMapping("/on-statuses/{status}")
		@ThreeScaleMetered(chargeOn = "404")
		Mono<ResponseEntity<String>> onStatuses(@PathVariable String status) {
			return answer(status);
		}

		private static Mono<ResponseEntity<String>> answer(String status) {
			return switch (status) {
				case "thrown" -> Mono.error(new IllegalStateException("on purpose"));
				case "resolved" -> Mono.error(new ResponseStatusException(HttpStatus.NOT_FOUND));
				default -> Mono.just(ResponseEntity.status(Integer.parseInt(status)).body(""));
			};
		}

	}

}

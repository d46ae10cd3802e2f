package io.threescale.spring.metering;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * With publishers, on WebFlux.
 */
class ReactiveSettlementTests extends SettlementTests {

	ReactiveSettlementTests() {
		super(WebApplicationType.REACTIVE, ReactiveApi.class);
	}

	@ParameterizedTest
	@CsvSource({ "/added-later, 42", "/streamed, 3", "/from-context, 7", "/measured-later/46, 46",
			"/measured-entity-later/48, 48", "/measured-entity-of-mono/51, 51", "/flux-is-not-collected, 9",
			"/flux-is-no-result, 3" })
	void whenPublisherIsDoneThenChargedOnceWithWhatWasUsed(String path, long tokens) {
		assertCharged(path, tokens);
	}

	@ParameterizedTest
	@CsvSource({ "/later/on-success/200, true", "/later/on-success/404, false", "/later/on-success/thrown, false",
			"/later/on-success/resolved, false", "/later/on-statuses/404, true", "/later/on-statuses/resolved, true",
			"/later/on-statuses/200, false" })
	void whenStatusComesLaterAndIsOneOfThoseThenCharged(String path, boolean charged) {
		assertChargedOrNot(path, charged);
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Api.class, ReactiveController.class })
	static class ReactiveApi {

	}

	@RestController
	@ThreeScaleMetered(metric = "tokens", delta = 500)
	static class ReactiveController {

		@GetMapping("/added-later")
		Mono<String> addedLater(MeteredCall call) {
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

		@GetMapping("/endless")
		Flux<String> endless(MeteredCall call) {
			ENDLESS.set(0);
			return Flux.interval(Duration.ofMillis(1)).onBackpressureDrop().map((tick) -> {
				call.add("tokens", 1);
				ENDLESS.incrementAndGet();
				return "x".repeat(8192);
			});
		}

		@GetMapping("/measured-later/{length}")
		@ThreeScaleMetered(metric = "tokens", units = "#result.length()")
		Mono<String> measuredLater(@PathVariable int length) {
			return Mono.just("x".repeat(length));
		}

		@GetMapping("/measured-entity-later/{length}")
		@ThreeScaleMetered(metric = "tokens", units = "#path['length'] == '48' ? #result.length() : 0")
		Mono<ResponseEntity<String>> measuredEntityLater(@PathVariable int length) {
			return Mono.just(ResponseEntity.ok("x".repeat(length)));
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

		@GetMapping("/later/on-success/{status}")
		@ThreeScaleMetered(chargeOn = "success")
		Mono<ResponseEntity<String>> onSuccess(@PathVariable String status) {
			return answer(status);
		}

		@GetMapping("/later/on-statuses/{status}")
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

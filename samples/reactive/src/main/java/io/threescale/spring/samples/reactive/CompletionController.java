package io.threescale.spring.samples.reactive;

import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.ThreeScaleMetered;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Completes prompts. Nobody knows beforehand how many tokens that takes.
 */
@RestController
@ThreeScaleMetered(metric = "tokens", delta = 10)
class CompletionController {

	/**
	 * Charged for each token that was sent, also if the caller hangs up in between.
	 */
	@GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<String> stream(@RequestParam String prompt, MeteredCall call) {
		return tokens(prompt).doOnNext((token) -> call.add("tokens", 1));
	}

	/**
	 * Charged for the tokens of the completion, as its result tells.
	 */
	@GetMapping("/complete")
	@ThreeScaleMetered(metric = "tokens", delta = 10, units = "#result.tokens", chargeOn = "success")
	Mono<Completion> complete(@RequestParam String prompt) {
		return tokens(prompt).collectList().map((all) -> new Completion(String.join(" ", all), all.size()));
	}

	/**
	 * A language model of few words.
	 */
	private static Flux<String> tokens(String prompt) {
		return Flux.fromArray(("You said: " + prompt).split(" "));
	}

	record Completion(String text, int tokens) {
	}

}

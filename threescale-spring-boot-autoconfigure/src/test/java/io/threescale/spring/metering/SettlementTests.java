package io.threescale.spring.metering;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import io.threescale.spring.Usage;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Charges;
import io.threescale.spring.fixture.SandboxedApplication;
import io.threescale.spring.sandbox.Fault;
import io.threescale.spring.sandbox.SandboxOperation;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is charged when a call is done, and with what, on either web stack.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class SettlementTests {

	/** What the endpoint {@code /endless} of the stack has added since it was called. */
	static final AtomicLong ENDLESS = new AtomicLong();

	@RegisterExtension
	final SandboxedApplication application;

	SettlementTests(WebApplicationType webStack, Class<?> api) {
		this.application = new SandboxedApplication(webStack, api, mode()).metrics("hits", "tokens")
			.plan("tokens", "day", 1000);
	}

	String[] mode() {
		return new String[0];
	}

	@ParameterizedTest
	@CsvSource({ "/added, 42", "/silent, 500", "/measured/46, 46", "/measured-entity/48, 48", "/measured-future/50, 50",
			"/status, 200", "/unmeasurable, 7", "/throwing, 7", "/not-a-number, 7", "/fraction, 7", "/current, 49" })
	void whenDoneThenChargedOnceWithWhatWasUsed(String path, long tokens) {
		assertCharged(path, tokens);
	}

	void assertCharged(String path, long tokens) {
		assertThat(this.application.get(path).statusCode()).isEqualTo(200);
		Charges.assertSum(this.application.sandbox(), Map.of("tokens", tokens));
	}

	@ParameterizedTest
	@CsvSource({ "/too-much, 500", "/nameless, 5", "/failing, 3" })
	void whenHandlerFailsThenChargedWithWhatWasAddedOrAuthorized(String path, long tokens) {
		assertThat(this.application.get(path).statusCode()).isEqualTo(500);
		Charges.assertSum(this.application.sandbox(), Map.of("tokens", tokens));
	}

	@Test
	void whenHandlerAddsSeveralMetricsThenAll() {
		this.application.get("/several");
		Charges.assertSum(this.application.sandbox(), Map.of("hits", 1L, "tokens", 3L));
	}

	@Test
	void whenAuthorizedUsageIsBeyondTheLimitThenDeniedAndNotCharged() {
		assertThat(this.application.get("/expensive").statusCode()).isEqualTo(403);
		assertThat(this.application.sandbox().transactions()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "/on-success/200, true", "/on-success/302, true", "/on-success/404, false", "/on-success/500, false",
			"/on-statuses/201, true", "/on-statuses/404, true", "/on-statuses/500, false", "/on-completion/500, true",
			"/on-success/resolved, false", "/on-completion/thrown, true", "/on-success/thrown, false" })
	void whenStatusIsOneOfThoseThenCharged(String path, boolean charged) {
		assertChargedOrNot(path, charged);
	}

	void assertChargedOrNot(String path, boolean charged) {
		this.application.get(path);
		this.application.get("/measured/1");
		Charges.assertSum(this.application.sandbox(),
				charged ? Map.of("hits", 1L, "tokens", 1L) : Map.of("tokens", 1L));
	}

	@Test
	void whenReportFailsThenCallerDoesNotNoticeAndItIsRepeated() {
		this.application.sandbox().failNext(1, Fault.proxy(503), SandboxOperation.REPORT);
		assertThat(this.application.get("/added").statusCode()).isEqualTo(200);
		Charges.assertSum(this.application.sandbox(), Map.of("tokens", 42L));
	}

	/** A servlet container ends such a call in one of several ways, as it happens. */
	@RepeatedTest(10)
	void whenCallerHangsUpThenChargedWhatWasAddedUntilThen() {
		this.application.hangUp("/endless");
		Awaitility.await().untilAsserted(() -> assertThat(this.application.sandbox().transactions()).isNotEmpty());
		long added = ENDLESS.get();
		assertThat(added).isPositive();
		Charges.assertSum(this.application.sandbox(), Map.of("tokens", added));
	}

	@Test
	void whenResponseCodesAreAskedForThenTheyGoAlong() {
		try (Application reporting = this.application.another("threescale.report-response-codes=true")) {
			ThreeScaleSandbox sandbox = reporting.bean(ThreeScaleSandbox.class);
			Map.of("/on-completion/200", "200", "/on-success/302", "302", "/added", "200").forEach((path, status) -> {
				sandbox.reset();
				reporting.get(path);
				Awaitility.await().untilAsserted(() -> assertThat(sandbox.transactions()).hasSize(1));
				assertThat(sandbox.transactions().get(0).logCode()).as(path).isEqualTo(status);
			});
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Controller.class, FailingController.class })
	static class Api {

	}

	/** What its exception handler returns is measured by nobody. */
	@RestController
	@ThreeScaleMetered(metric = "tokens", delta = 3, units = "#result.length()")
	static class FailingController {

		@GetMapping("/failing")
		String failing() {
			throw new IllegalStateException("on purpose");
		}

		@ExceptionHandler
		ResponseEntity<String> handle(IllegalStateException ex) {
			return ResponseEntity.internalServerError().body("a long text about what went wrong");
		}

	}

	@RestController
	@ThreeScaleMetered(metric = "tokens", delta = 500)
	static class Controller {

		@GetMapping("/added")
		String added(MeteredCall call) {
			call.add("tokens", 40).add("tokens", 2);
			return call.authorization().plan();
		}

		@GetMapping("/silent")
		String silent(MeteredCall call) {
			return "";
		}

		@GetMapping("/several")
		String several(MeteredCall call) {
			call.add("hits", 1).add("tokens", 3);
			return "";
		}

		@GetMapping("/measured/{length}")
		@ThreeScaleMetered(metric = "tokens", units = "#result.length()")
		String measured(@PathVariable int length) {
			return "x".repeat(length);
		}

		@GetMapping("/measured-entity/{length}")
		@ThreeScaleMetered(metric = "tokens", units = "#path['length'] == '48' ? #result.length() : 0")
		ResponseEntity<String> measuredEntity(@PathVariable int length) {
			return ResponseEntity.ok("x".repeat(length));
		}

		@GetMapping("/status")
		@ThreeScaleMetered(metric = "tokens", units = "#request.method.name() == 'GET' ? #status : 0")
		String status() {
			return "";
		}

		@GetMapping("/unmeasurable")
		@ThreeScaleMetered(metric = "tokens", delta = 7, units = "#result.size()")
		String unmeasurable() {
			return "";
		}

		@GetMapping("/throwing")
		@ThreeScaleMetered(metric = "tokens", delta = 7, units = "#result.subList(0, 99).size()")
		List<String> throwing() {
			return new ArrayList<>();
		}

		@GetMapping("/not-a-number")
		@ThreeScaleMetered(metric = "tokens", delta = 7, units = "0.0 / 0.0")
		String notANumber() {
			return "";
		}

		@GetMapping("/fraction")
		@ThreeScaleMetered(metric = "tokens", delta = 7, units = "0.8")
		String fraction() {
			return "";
		}

		@GetMapping("/current")
		@ThreeScaleMetered(metric = "tokens", delta = 500, chargeOn = "completion")
		Mono<String> current() {
			return MeteredCall.current().doOnNext((call) -> call.add("tokens", 49)).thenReturn("");
		}

		@GetMapping("/too-much")
		String tooMuch(MeteredCall call) {
			call.add("tokens", Usage.MAX_AMOUNT + 1);
			return "";
		}

		@GetMapping("/nameless")
		String nameless(MeteredCall call) {
			call.add("tokens", 5).add("", 1);
			return "";
		}

		@GetMapping("/expensive")
		@ThreeScaleMetered(metric = "tokens", delta = 5000, units = "1")
		String expensive() {
			return "";
		}

		@GetMapping("/on-success/{status}")
		@ThreeScaleMetered(chargeOn = "success")
		ResponseEntity<String> onSuccess(@PathVariable String status) {
			return answer(status);
		}

		@GetMapping("/on-statuses/{status}")
		@ThreeScaleMetered(chargeOn = "2xx, 404")
		ResponseEntity<String> onStatuses(@PathVariable String status) {
			return answer(status);
		}

		@GetMapping("/on-completion/{status}")
		@ThreeScaleMetered(chargeOn = "completion")
		ResponseEntity<String> onCompletion(@PathVariable String status) {
			return answer(status);
		}

		@GetMapping("/measured-future/{length}")
		@ThreeScaleMetered(metric = "tokens", units = "#result.length()")
		CompletableFuture<String> measuredFuture(@PathVariable int length) {
			return CompletableFuture.completedFuture("x".repeat(length));
		}

		private static ResponseEntity<String> answer(String status) {
			return switch (status) {
				case "thrown" -> throw new IllegalStateException("on purpose");
				case "resolved" -> throw new ResponseStatusException(HttpStatus.NOT_FOUND);
				default -> ResponseEntity.status(Integer.parseInt(status)).body("");
			};
		}

	}

}

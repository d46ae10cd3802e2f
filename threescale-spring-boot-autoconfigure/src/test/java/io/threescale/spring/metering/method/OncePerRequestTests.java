package io.threescale.spring.metering.method;

import java.util.concurrent.CompletableFuture;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.fixture.SandboxedApplication;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.ThreeScaleTemplate;
import io.threescale.spring.sandbox.SandboxOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A request is charged once, whatever metered methods it calls, and wherever they run.
 */
@TestInstance(Lifecycle.PER_CLASS)
class OncePerRequestTests {

	@RegisterExtension
	final SandboxedApplication application = new SandboxedApplication(webStack(), Api.class,
			"threescale.advisor.enabled=true", "spring.reactor.context-propagation=auto")
		.metrics("hits", "work");

	WebApplicationType webStack() {
		return WebApplicationType.SERVLET;
	}

	@AfterAll
	void stop() {
		Hooks.disableAutomaticContextPropagation();
	}

	@ParameterizedTest
	@CsvSource({ "/metered/here, 1, 0", "/metered/async, 1, 0", "/metered/elsewhere, 1, 0", "/metered/mono, 1, 0",
			"/metered/template, 2, 0", "/unmetered/async, 0, 1", "/unmetered/elsewhere, 0, 1",
			"/unmetered/nested, 0, 1", "/unmetered/twice, 0, 1", "/unmetered/zipped, 0, 1", "/metered/zipped, 1, 0",
			"/unmetered/template, 1, 0", "/unmetered/reactive-template, 1, 0" })
	void shouldChargeOnce(String path, long hits, long work) {
		assertThat(this.application.get(path).statusCode()).isEqualTo(200);
		assertThat(this.application.sandbox().usage("key-1", "hits")).isEqualTo(hits);
		assertThat(this.application.sandbox().usage("key-1", "work")).isEqualTo(work);
		assertThat(this.application.sandbox().requests(SandboxOperation.AUTHREP)).isEqualTo(hits + work);
	}

	@Test
	void shouldNotTakeOneRequestForAnother() {
		for (int i = 0; i < 20; i++) {
			assertThat(this.application.get("/unmetered/async").statusCode()).isEqualTo(200);
			assertThat(this.application.get("/unmetered/twice").statusCode()).isEqualTo(200);
			this.application.bean(Worker.class).async("key-1").join();
		}
		assertThat(this.application.sandbox().usage("key-1", "work")).isEqualTo(60);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableAsync
	@Import({ Metered.class, Unmetered.class, Worker.class })
	static class Api {

		/** For {@code @Async}. Spring Boot 4.1 has a property for it, and 4.0 has not. */
		@Bean
		TaskDecorator propagatesContext() {
			return new ContextPropagatingTaskDecorator();
		}

		@Bean
		MethodCredentialsResolver credentials() {
			return (invocation) -> ApplicationCredentials.userKey((String) invocation.getArguments()[0]);
		}

	}

	@ThreeScaleMetered("work")
	static class Worker {

		String work(String key) {
			return "done";
		}

		@Async
		CompletableFuture<String> async(String key) {
			return CompletableFuture.completedFuture("done");
		}

		Mono<String> mono(String key) {
			return Mono.just("done");
		}

		Mono<String> around(String key, Mono<String> work) {
			return work;
		}

	}

	abstract static class Work {

		private final Worker worker;

		private final ThreeScaleTemplate threeScale;

		Work(Worker worker, ThreeScaleTemplate threeScale) {
			this.worker = worker;
			this.threeScale = threeScale;
		}

		@GetMapping("/async")
		Mono<String> async() {
			return Mono.fromFuture(this.worker.async("key-1"));
		}

		@GetMapping("/elsewhere")
		Mono<String> elsewhere() {
			return Mono.fromSupplier(() -> this.worker.work("key-1")).subscribeOn(Schedulers.boundedElastic());
		}

		@GetMapping("/mono")
		Mono<String> mono() {
			return this.worker.mono("key-1");
		}

		@GetMapping("/twice")
		Mono<String> twice() {
			return this.worker.mono("key-1").then(this.worker.mono("key-1"));
		}

		@GetMapping("/zipped")
		Mono<String> zipped() {
			return Mono.zip(this.worker.mono("key-1"), this.worker.mono("key-1"), this.worker.mono("key-1"))
				.map((results) -> results.getT3());
		}

		@GetMapping("/nested")
		Mono<String> nested() {
			return this.worker.around("key-1", this.worker.mono("key-1"));
		}

		@GetMapping("/template")
		Mono<String> template() {
			return Mono
				.fromSupplier(() -> this.threeScale.metered(ApplicationCredentials.userKey("key-1"), Usage.HIT,
						() -> this.worker.work("key-1")))
				.subscribeOn(Schedulers.boundedElastic());
		}

		@GetMapping("/reactive-template")
		Mono<String> reactiveTemplate() {
			return this.threeScale.metered(ApplicationCredentials.userKey("key-1"), Usage.HIT,
					this.worker.mono("key-1"));
		}

	}

	@RestController
	@RequestMapping("/metered")
	@ThreeScaleMetered
	static class Metered extends Work {

		private final Worker worker;

		Metered(Worker worker, ThreeScaleTemplate threeScale) {
			super(worker, threeScale);
			this.worker = worker;
		}

		@GetMapping("/here")
		String here() {
			return this.worker.work("key-1");
		}

	}

	@RestController
	@RequestMapping("/unmetered")
	static class Unmetered extends Work {

		Unmetered(Worker worker, ThreeScaleTemplate threeScale) {
			super(worker, threeScale);
		}

	}

}

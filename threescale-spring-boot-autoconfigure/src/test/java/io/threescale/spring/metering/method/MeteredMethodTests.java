package io.threescale.spring.metering.method;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Charges;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.ThreeScaleUnmetered;
import io.threescale.spring.metering.problem.CallDeniedException;
import io.threescale.spring.sandbox.SandboxOperation;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Metered methods that are no handlers.
 */
@TestInstance(Lifecycle.PER_CLASS)
class MeteredMethodTests {

	private static final String[] SANDBOX = { "threescale.sandbox.enabled=true", "threescale.advisor.enabled=true",
			"threescale.sandbox.services.1001.metrics[0].name=hits",
			"threescale.sandbox.services.1001.metrics[1].name=work",
			"threescale.sandbox.services.1001.applications[0].user-key=key-1",
			"threescale.sandbox.services.1001.applications[0].plan=large",
			"threescale.sandbox.services.1001.plans.large.limits[0].metric=work",
			"threescale.sandbox.services.1001.plans.large.limits[0].period=eternity",
			"threescale.sandbox.services.1001.plans.large.limits[0].max=1000",
			"threescale.sandbox.services.1001.applications[1].user-key=poor",
			"threescale.sandbox.services.1001.applications[1].plan=small",
			"threescale.sandbox.services.1001.plans.small.limits[0].metric=work",
			"threescale.sandbox.services.1001.plans.small.limits[0].period=eternity",
			"threescale.sandbox.services.1001.plans.small.limits[0].max=0" };

	private Application application;

	private ThreeScaleSandbox sandbox;

	private Worker worker;

	@BeforeAll
	void start() {
		this.application = Application.start(Api.class, SANDBOX);
		this.sandbox = this.application.bean(ThreeScaleSandbox.class);
		this.worker = this.application.bean(Worker.class);
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	@BeforeEach
	void reset() {
		this.sandbox.reset();
	}

	@Test
	void whenCalledOutsideOfRequestsThenEachCallIsCharged() {
		assertThat(this.worker.work("key-1")).isEqualTo("done");
		this.worker.work("key-1");
		assertThat(this.sandbox.usage("key-1", "work")).isEqualTo(2);
	}

	@Test
	void whenMeteredMethodsAreNestedThenTheOuterOneIsCharged() {
		this.application.bean(Outer.class).nested("key-1");
		assertThat(this.sandbox.usage("key-1", "hits")).isEqualTo(1);
		assertThat(this.sandbox.usage("key-1", "work")).isZero();
	}

	@Test
	void whenAnnotationIsRepeatedThenAllOfItIsCharged() {
		this.application.bean(Outer.class).repeated("key-1");
		Charges.assertSingle(this.sandbox, Map.of("hits", 1L, "work", 2L));
	}

	@Test
	void whenListenerIsMeteredThenCharged() {
		this.application.publish("key-1");
		assertThat(this.sandbox.usage("key-1", "hits")).isEqualTo(1);
	}

	@Test
	void whenNothingIsSaidOrUnmeteredThenFree() {
		this.worker.free("key-1");
		assertThat(this.sandbox.transactions()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "/metered, 1, 0", "/unmetered, 0, 1" })
	void whenCalledWithinARequestThenItIsChargedOnce(String path, long hits, long work) {
		assertThat(this.application.get(path).statusCode()).isEqualTo(200);
		assertThat(this.sandbox.usage("key-1", "hits")).isEqualTo(hits);
		assertThat(this.sandbox.usage("key-1", "work")).isEqualTo(work);
		assertThat(this.sandbox.requests(SandboxOperation.AUTHREP)).isEqualTo(1);
	}

	@Test
	void whenUsageIsKnownAfterwardsInAnUnmeteredRequestThenNoneIsLost() {
		assertThat(this.application.get("/unmetered-adding").statusCode()).isEqualTo(200);
		Awaitility.await().untilAsserted(() -> assertThat(this.sandbox.usage("key-1", "work")).isEqualTo(24));
	}

	@Test
	void whenAMethodIsCalledBeforeAMeteredHandlerThenThatIsDecidedAllTheSame() {
		assertThat(this.application.send("GET", "/metered", "X-Early", "key-1").statusCode()).isEqualTo(401);
		assertThat(this.sandbox.usage("key-1", "work")).isEqualTo(1);
	}

	@Test
	void whenSpringBootMakesNoProxiesThenTheyAreMadeAllTheSame() {
		try (Application unproxied = Application.start(Api.class,
				StringUtils.addStringToArray(SANDBOX, "spring.aop.auto=false"))) {
			unproxied.bean(Worker.class).work("key-1");
			assertThat(unproxied.bean(ThreeScaleSandbox.class).usage("key-1", "work")).isEqualTo(1);
		}
	}

	@Test
	void whenDeniedWithinARequestThenTheCallerIsTold() {
		assertThat(this.application.get("/poor").statusCode()).isEqualTo(403);
	}

	@Test
	void whenDeniedThenTheMethodIsNotCalled() {
		assertThatExceptionOfType(CallDeniedException.class).isThrownBy(() -> this.worker.work("poor"));
		assertThatExceptionOfType(CallDeniedException.class).isThrownBy(() -> this.worker.mono("poor").block());
		assertThat(this.sandbox.transactions()).isEmpty();
	}

	@Test
	void whenUsageIsKnownAfterwardsThenTheArgumentTakesIt() {
		this.worker.counted("key-1", MeteredCall.unmetered());
		Charges.assertSingle(this.sandbox, Map.of("work", 12L));
	}

	@Test
	void whenResultIsMeasuredThenCharged() {
		this.worker.measured("key-1");
		Charges.assertSingle(this.sandbox, Map.of("work", 4L));
	}

	@Test
	void whenFutureIsMeasuredThenChargedWhenItIsDone() {
		CompletableFuture<String> future = this.worker.future("key-1");
		assertThat(this.sandbox.transactions()).isEmpty();
		future.complete("12345");
		Charges.assertSingle(this.sandbox, Map.of("work", 5L));
	}

	@Test
	void whenReactiveThenChargedAtEachSubscription() {
		Mono<String> mono = this.worker.mono("key-1");
		assertThat(this.sandbox.transactions()).isEmpty();
		assertThat(mono.block()).isEqualTo("mono");
		mono.block();
		assertThat(this.sandbox.usage("key-1", "work")).isEqualTo(2);
	}

	@Test
	void whenFluxThenTheContextTakesUsage() {
		assertThat(this.worker.flux("key-1").collectList().block()).containsExactly("one", "two");
		Charges.assertSingle(this.sandbox, Map.of("work", 2L));
	}

	@Test
	void whenTheRequestPassesUnmeteredThenTheMethodIsCharged() {
		try (Application passing = Application.start(Api.class,
				StringUtils.addStringToArray(SANDBOX, "threescale.anonymous.policy=pass"))) {
			assertThat(passing.send("GET", "/metered").statusCode()).isEqualTo(200);
			assertThat(passing.bean(ThreeScaleSandbox.class).usage("key-1", "work")).isEqualTo(1);
		}
	}

	@Test
	void whenNobodyIsTheCallerThenChargedToWhomTheyShare() {
		try (Application shared = Application.start(Api.class, StringUtils.concatenateStringArrays(SANDBOX,
				new String[] { "threescale.anonymous.policy=share", "threescale.anonymous.user-key=key-1" }))) {
			shared.bean(Worker.class).work(null);
			assertThat(shared.bean(ThreeScaleSandbox.class).usage("key-1", "work")).isEqualTo(1);
		}
	}

	@Test
	void whenNobodyKnowsTheCallerThenDoesNotStart() {
		assertThatThrownBy(() -> Application.start(WithoutResolver.class, SANDBOX))
			.hasMessageContaining("threescale.advisor.enabled");
	}

	@Test
	void whenNotAskedForThenOnlyHandlersAreMetered() {
		try (Application plain = Application.start(Api.class,
				Arrays.stream(SANDBOX).filter((property) -> !property.contains("advisor")).toArray(String[]::new))) {
			plain.bean(Worker.class).work("key-1");
			assertThat(plain.bean(ThreeScaleSandbox.class).transactions()).isEmpty();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Controller.class, Worker.class, Outer.class, Listener.class })
	static class Api {

		@Bean
		WebMvcConfigurer early(Worker worker) {
			return new WebMvcConfigurer() {

				@Override
				public void addInterceptors(InterceptorRegistry registry) {
					registry.addInterceptor(new HandlerInterceptor() {

						@Override
						public boolean preHandle(HttpServletRequest request, HttpServletResponse response,
								Object handler) {
							String key = request.getHeader("X-Early");
							return key == null || worker.work(key) != null;
						}

					});
				}

			};
		}

		@Bean
		MethodCredentialsResolver credentials() {
			return (invocation) -> (invocation.getArguments()[0] instanceof String key)
					? ApplicationCredentials.userKey(key) : null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WithoutResolver {

	}

	@ThreeScaleMetered("work")
	static class Worker {

		String work(@Nullable String key) {
			return "done";
		}

		@ThreeScaleUnmetered
		String free(String key) {
			return "done";
		}

		String counted(String key, MeteredCall call) {
			call.add("work", 12);
			return "done";
		}

		@ThreeScaleMetered(metric = "work", units = "#result.length()")
		String measured(String key) {
			return "1234";
		}

		@ThreeScaleMetered(metric = "work", units = "#result.length()")
		CompletableFuture<String> future(String key) {
			return new CompletableFuture<>();
		}

		Mono<String> mono(String key) {
			return Mono.just("mono");
		}

		@ThreeScaleMetered(metric = "work", chargeOn = "completion")
		Flux<String> flux(String key) {
			return Flux.just("one", "two")
				.delayUntil((text) -> MeteredCall.current().doOnNext((call) -> call.add("work", 1)));
		}

	}

	static class Outer {

		private final Worker worker;

		Outer(Worker worker) {
			this.worker = worker;
		}

		@ThreeScaleMetered
		void nested(String key) {
			this.worker.work(key);
			this.worker.mono(key).block();
		}

		@ThreeScaleMetered
		@ThreeScaleMetered(metric = "work", delta = 2)
		void repeated(String key) {
		}

	}

	static class Listener {

		@EventListener
		@ThreeScaleMetered
		void on(String key) {
		}

	}

	@RestController
	static class Controller {

		private final Worker worker;

		Controller(Worker worker) {
			this.worker = worker;
		}

		@GetMapping("/metered")
		@ThreeScaleMetered
		String metered() {
			return this.worker.work("key-1");
		}

		@GetMapping("/unmetered")
		String unmetered() {
			return this.worker.work("key-1") + this.worker.work("key-1");
		}

		@GetMapping("/unmetered-adding")
		String unmeteredAdding() {
			MeteredCall none = MeteredCall.unmetered();
			return this.worker.counted("key-1", none) + this.worker.counted("key-1", none);
		}

		@GetMapping("/poor")
		String poor() {
			return this.worker.work("poor");
		}

	}

}

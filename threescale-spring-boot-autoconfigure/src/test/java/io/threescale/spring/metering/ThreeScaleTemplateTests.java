package io.threescale.spring.metering;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.autoconfigure.ThreeScaleBackendAutoConfiguration;
import io.threescale.spring.autoconfigure.ThreeScaleClientAutoConfiguration;
import io.threescale.spring.autoconfigure.ThreeScaleDisabledAutoConfiguration;
import io.threescale.spring.autoconfigure.ThreeScaleMeteringAutoConfiguration;
import io.threescale.spring.autoconfigure.ThreeScaleSandboxAutoConfiguration;
import io.threescale.spring.fixture.Charges;
import io.threescale.spring.metering.problem.CallDeniedException;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ThreeScaleTemplate}.
 */
class ThreeScaleTemplateTests {

	private static final ApplicationCredentials CALLER = ApplicationCredentials.userKey("demo");

	private static final MeteredOperation AFTERWARDS = new MeteredOperation("stream", null, Usage.HIT,
			ChargeOn.COMPLETION, List.of());

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ThreeScaleSandboxAutoConfiguration.class,
				ThreeScaleBackendAutoConfiguration.class, ThreeScaleClientAutoConfiguration.class,
				ThreeScaleMeteringAutoConfiguration.class))
		.withPropertyValues("threescale.sandbox.enabled=true");

	@Test
	void whenUsageIsKnownThenChargedBeforehand() {
		run((template, sandbox) -> {
			String result = template.metered(CALLER, Usage.HIT, () -> {
				assertThat(sandbox.usage("demo", "hits")).isEqualTo(1);
				return "done";
			});
			assertThat(result).isEqualTo("done");
			assertThat(sandbox.transactions()).hasSize(1);
		});
	}

	@Test
	void whenUsageIsKnownAfterwardsThenChargedOnce() {
		run((template, sandbox) -> {
			template.metered(CALLER, Usage.HIT, (call) -> call.add("hits", 20).add("hits", 2));
			Charges.assertSingle(sandbox, Map.of("hits", 22L));
		});
	}

	@Test
	void whenWorkFailsThenChargedWhatWasAdded() {
		run((template, sandbox) -> {
			assertThatIllegalStateException().isThrownBy(() -> template.metered(CALLER, Usage.HIT, (call) -> {
				call.add("hits", 3);
				throw new IllegalStateException("on purpose");
			}));
			Charges.assertSingle(sandbox, Map.of("hits", 3L));
		});
	}

	@Test
	void whenWorkFailsWithWhatItDoesNotDeclareThenChargedAllTheSame() {
		run((template, sandbox) -> {
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> template.metered(CALLER, Usage.HIT, (call) -> sneakyThrow(new IOException())));
			Charges.assertSingle(sandbox, Map.of("hits", 1L));
		});
	}

	@SuppressWarnings("unchecked")
	private static <T, E extends Throwable> T sneakyThrow(Throwable failure) throws E {
		throw (E) failure;
	}

	@Test
	void whenTheResultComesLaterThenChargedThen() {
		run((template, sandbox) -> {
			CompletableFuture<MeteredCall> later = new CompletableFuture<>();
			template.metered(CALLER, Usage.HIT, (call) -> later.thenApply((none) -> call.add("hits", 7)));
			assertThat(sandbox.transactions()).isEmpty();
			later.complete(MeteredCall.unmetered());
			Charges.assertSingle(sandbox, Map.of("hits", 7L));
		});
	}

	@Test
	void whenSwitchedOffThenAllIsDoneAndNothingCharged() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ThreeScaleDisabledAutoConfiguration.class,
					ThreeScaleMeteringAutoConfiguration.class))
			.withPropertyValues("threescale.enabled=false")
			.run((context) -> {
				ThreeScaleTemplate template = context.getBean(ThreeScaleTemplate.class);
				Boolean metered = template.metered(CALLER, Usage.HIT, (call) -> call.add("hits", 1).isMetered());
				assertThat(metered).isFalse();
				assertThat(template.metered(CALLER, Usage.HIT, Mono.just("done")).block()).isEqualTo("done");
				assertThat(template.metered(CALLER, Usage.HIT, Flux.just("done")).blockLast()).isEqualTo("done");
			});
	}

	@Test
	void whenDeniedThenNothingIsDone() {
		run((template, sandbox) -> {
			AtomicBoolean done = new AtomicBoolean();
			assertThatExceptionOfType(CallDeniedException.class)
				.isThrownBy(() -> template.metered(ApplicationCredentials.userKey("nobody"), Usage.HIT, () -> {
					done.set(true);
					return "";
				}));
			assertThat(done).isFalse();
		});
	}

	@Test
	void whenNothingIsEnforcedThenWorkIsDoneAndNotCharged() {
		this.runner.withPropertyValues("threescale.enforcement=shadow").run((context) -> {
			ThreeScaleTemplate template = context.getBean(ThreeScaleTemplate.class);
			assertThat(template.metered(ApplicationCredentials.userKey("nobody"), Usage.HIT, () -> "done"))
				.isEqualTo("done");
			assertThat(context.getBean(ThreeScaleSandbox.class).transactions()).isEmpty();
		});
	}

	@Test
	void whenReactiveThenChargedWithWhatTheContextTook() {
		run((template, sandbox) -> {
			Mono<MeteredCall> work = MeteredCall.current().map((call) -> call.add("hits", 5));
			Mono<MeteredCall> metered = template.metered(CALLER, AFTERWARDS, work);
			assertThat(sandbox.transactions()).isEmpty();
			metered.block();
			Charges.assertSingle(sandbox, Map.of("hits", 5L));
		});
	}

	@Test
	void whenStreamIsCancelledThenChargedOnce() {
		run((template, sandbox) -> {
			Flux<Integer> work = Flux.range(1, 100)
				.delayUntil((number) -> MeteredCall.current().doOnNext((call) -> call.add("hits", 1)));
			template.metered(CALLER, AFTERWARDS, work).take(3).blockLast();
			Charges.assertSingle(sandbox, Map.of("hits", 3L));
		});
	}

	@Test
	void whenThreadMustNotWaitThenNothingIsSent() {
		run((template, sandbox) -> {
			Mono<String> work = Mono.fromCallable(() -> template.metered(CALLER, Usage.HIT, () -> ""))
				.subscribeOn(Schedulers.parallel());
			assertThatIllegalStateException().isThrownBy(work::block).withMessageContaining("must not wait");
			assertThat(sandbox.transactions()).isEmpty();
		});
	}

	private void run(Assertions assertions) {
		this.runner.run((context) -> assertions.check(context.getBean(ThreeScaleTemplate.class),
				context.getBean(ThreeScaleSandbox.class)));
	}

	private interface Assertions {

		void check(ThreeScaleTemplate template, ThreeScaleSandbox sandbox);

	}

}

package io.threescale.spring.autoconfigure;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import com.sun.net.httpserver.HttpServer;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.client.predictive.PredictingThreeScaleClient;
import io.threescale.spring.client.reporting.spool.MvStoreUsageSpool;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.sandbox.Fault;
import io.threescale.spring.sandbox.SandboxOperation;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.scheduling.TaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The predictive pipeline as it is wired, over the sandbox.
 */
class PredictiveModeTests {

	private static final ApplicationCredentials DEMO = ApplicationCredentials.userKey("demo");

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ThreeScaleSandboxAutoConfiguration.class,
				ThreeScaleCircuitBreakerAutoConfiguration.class, ThreeScaleBackendAutoConfiguration.class,
				ThreeScaleClientAutoConfiguration.class, ThreeScaleMetricsAutoConfiguration.class,
				ThreeScaleMeteringAutoConfiguration.class))
		// As patient as a busy machine may need it
		.withPropertyValues("threescale.sandbox.enabled=true", "threescale.mode=predictive",
				"threescale.connection.connect-timeout=10s", "threescale.connection.response-timeout=10s",
				"threescale.connection.total-timeout=15s", "threescale.reporting.shutdown-timeout=20s");

	@Test
	void whenCalledOftenThenTheBackendIsAskedOnceAndAllIsReportedAtTheEnd() {
		AtomicReference<ThreeScaleSandbox> sandbox = new AtomicReference<>();
		ApplicationContextRunner runner = this.contextRunner
			.withPropertyValues("threescale.reporting.flush-interval=1h")
			.withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new);
		runner.run((context) -> {
			sandbox.set(context.getBean(ThreeScaleSandbox.class));
			ThreeScaleClient client = context.getBean(ThreeScaleClient.class);
			for (int i = 0; i < 1_000; i++) {
				assertThat(client.authRep(DEMO, Usage.HIT)).matches(Authorization::isGranted);
			}
			assertThat(sandbox.get().requests(SandboxOperation.AUTHORIZE)).isEqualTo(1);
			assertThat(sandbox.get().requests(SandboxOperation.AUTHREP)).isZero();
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			context.getBean(PipelineMeters.class).bindTo(meters);
			assertThat(meters.get("threescale.prediction.decisions").tag("source", "local").functionCounter().count())
				.isEqualTo(1_000);
			assertThat(meters.get("threescale.reporting.pending").gauge().value()
					+ meters.get("threescale.reporting.units").tag("outcome", "delivered").functionCounter().count())
				.isEqualTo(1_000);
		});
		assertThat(sandbox.get().usage("demo", "hits")).isEqualTo(1_000);
		assertThat(sandbox.get().requests(SandboxOperation.REPORT)).isEqualTo(1);
	}

	@Test
	void whenTheBackendIsDownAndTheLastKnownAnswerWillDoThenItDoes() {
		this.contextRunner.withUserConfiguration(ClockOfTheSandbox.class)
			.withPropertyValues("threescale.failure-policy=last-known")
			.run((context) -> {
				ThreeScaleSandbox sandbox = context.getBean(ThreeScaleSandbox.class);
				ThreeScaleClient client = context.getBean(ThreeScaleClient.class);
				client.authRep(DEMO, Usage.HIT);
				sandbox.fail(Fault.storageDown());
				sandbox.advance(Duration.ofMinutes(30));
				assertThat(client.authRep(DEMO, Usage.HIT)).matches(Authorization::isGranted);
				assertThat(context.getBean(PredictingThreeScaleClient.class).statistics().lastKnownDecisions())
					.isEqualTo(1);
				sandbox.advance(Duration.ofMinutes(31));
				assertThatExceptionOfType(ThreeScaleUnavailableException.class)
					.isThrownBy(() -> client.authRep(DEMO, Usage.HIT));
				sandbox.recover();
			});
	}

	@Test
	void whenTheBackendIsDownAndCallsMayPassThenTheirUsageIsReportedLater() {
		AtomicReference<ThreeScaleSandbox> sandbox = new AtomicReference<>();
		this.contextRunner.withPropertyValues("threescale.failure-policy=allow").run((context) -> {
			sandbox.set(context.getBean(ThreeScaleSandbox.class));
			sandbox.get().fail(Fault.storageDown());
			MockClientHttpRequest request = new MockClientHttpRequest();
			request.getHeaders().set("user-key", "demo");
			assertThat(context.getBean(MeteringGate.class)
				.admit(MeteredOperation.of("Api.call", Usage.of("hits", 3)), request)
				.block()).isNotNull();
			sandbox.get().recover();
		});
		assertThat(sandbox.get().usage("demo", "hits")).isEqualTo(3);
	}

	@Test
	void whenTheBackendStaysDownThenTheCircuitBreakerSparesIt() {
		CircuitBreakerRegistry registry = CircuitBreakerRegistry
			.of(Map.of("threescale", CircuitBreakerConfig.ofDefaults()));
		this.contextRunner.withBean(CircuitBreakerRegistry.class, () -> registry)
			.withPropertyValues("threescale.mode=strict")
			.run((context) -> {
				context.getBean(ThreeScaleSandbox.class).fail(Fault.storageDown());
				ReactiveThreeScaleClient client = context.getBean(ReactiveThreeScaleClient.class);
				for (int i = 0; i < 300; i++) {
					client.authRep(DEMO, Usage.HIT).onErrorComplete().block();
				}
				assertThat(registry.circuitBreaker("threescale").getMetrics().getNumberOfNotPermittedCalls())
					.isEqualTo(200);
				assertThat(context.getBean(ThreeScaleSandbox.class).requests(SandboxOperation.AUTHREP)).isEqualTo(100);
			});
	}

	@Test
	void whenTheApplicationHasAClockOfItsOwnThenUsageIsOfTheRealTime() {
		this.contextRunner.withBean(Clock.class, () -> Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)).run((context) -> {
			context.getBean(ThreeScaleClient.class).authRep(DEMO, Usage.HIT);
			assertThat(context.getBean(ThreeScaleSandbox.class).usage("demo", "hits")).isEqualTo(1);
		});
	}

	@Test
	void whenThereIsASpoolThenUsageOutlivesTheProcess(@TempDir Path directory) {
		this.contextRunner
			.withPropertyValues("threescale.sandbox.enabled=false", "threescale.service-id=1",
					"threescale.service-token=t", "threescale.url=http://127.0.0.1:1",
					"threescale.reporting.spool.directory=" + directory, "threescale.reporting.shutdown-timeout=100ms")
			.run((context) -> context.getBean(ThreeScaleClient.class)
				.report(Transaction.of(DEMO, Usage.of("hits", 7))));
		AtomicReference<ThreeScaleSandbox> sandbox = new AtomicReference<>();
		this.contextRunner.withPropertyValues("threescale.reporting.spool.directory=" + directory)
			.run((context) -> sandbox.set(context.getBean(ThreeScaleSandbox.class)));
		assertThat(sandbox.get().usage("demo", "hits")).isEqualTo(7);
	}

	@Test
	void whenOneOfTwoServicesCannotBeMadeThenTheSpoolOfTheOtherIsFreeAgain(@TempDir Path directory) {
		try (MvStoreUsageSpool taken = MvStoreUsageSpool.open(directory.resolve("partner"))) {
			assertThat(taken.isDurable()).isTrue();
			this.contextRunner
				.withPropertyValues("threescale.reporting.spool.directory=" + directory,
						"threescale.services.partner.service-id=2", "threescale.services.partner.service-token=t")
				.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("used by another process"));
			try (MvStoreUsageSpool other = MvStoreUsageSpool.open(directory)) {
				assertThat(other.load()).isEmpty();
			}
		}
	}

	@Test
	void whenTheContextIsPausedBetweenTestsThenUsageIsReportedInBatchesAfterwards() {
		this.contextRunner.run((context) -> {
			ConfigurableApplicationContext source = context
				.getSourceApplicationContext(ConfigurableApplicationContext.class);
			source.pause();
			source.restart();
			context.getBean(ThreeScaleClient.class).authRep(DEMO, Usage.HIT);
			ThreeScaleSandbox sandbox = context.getBean(ThreeScaleSandbox.class);
			assertThat(sandbox.requests(SandboxOperation.REPORT)).isZero();
			assertThat(sandbox.usage("demo", "hits")).isEqualTo(1);
		});
	}

	@Test
	void whenTheContextIsPausedThenNamedServicesGoOnToo() {
		this.contextRunner
			.withPropertyValues("threescale.services.partner.service-id=2",
					"threescale.services.partner.service-token=t")
			.run((context) -> {
				ConfigurableApplicationContext source = context
					.getSourceApplicationContext(ConfigurableApplicationContext.class);
				source.pause();
				source.restart();
				assertThat(context.getBean(ServicePipelines.class).isRunning()).isTrue();
			});
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whenSpringDoesNotWaitAsLongThenWhatIsLeftIsLoggedAllTheSame(CapturedOutput output) {
		this.contextRunner
			.withBean(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME, DefaultLifecycleProcessor.class,
					PredictiveModeTests::impatient)
			.withPropertyValues("threescale.sandbox.enabled=false", "threescale.service-id=1",
					"threescale.service-token=t", "threescale.url=http://127.0.0.1:1",
					"threescale.reporting.shutdown-timeout=700ms")
			.run((context) -> context.getBean(ThreeScaleClient.class)
				.report(Transaction.of(DEMO, Usage.of("hits", 7))));
		assertThat(output).contains("Usage is lost").contains("{hits=7}");
	}

	@Test
	void whenSeveralServicesStopThenTheyDoAtTheSameTime() throws Exception {
		CountDownLatch reports = new CountDownLatch(2);
		List<Integer> statuses = new CopyOnWriteArrayList<>();
		HttpServer backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		ExecutorService threads = Executors.newCachedThreadPool();
		backend.setExecutor(threads);
		backend.createContext("/transactions.xml", (exchange) -> {
			reports.countDown();
			statuses.add(bothArrive(reports) ? 202 : 500);
			exchange.sendResponseHeaders(202, -1);
			exchange.close();
		});
		backend.start();
		try {
			this.contextRunner
				.withPropertyValues("threescale.sandbox.enabled=false",
						"threescale.url=http://127.0.0.1:" + backend.getAddress().getPort(),
						"threescale.connection.response-timeout=20s", "threescale.connection.total-timeout=20s",
						"threescale.service-id=1", "threescale.service-token=t",
						"threescale.services.partner.service-id=2", "threescale.services.partner.service-token=t")
				.run((context) -> {
					Transaction used = Transaction.of(DEMO, Usage.HIT);
					context.getBean(ThreeScaleClient.class).report(used);
					context.getBean(ServicePipelines.class).byName().get("partner").client().report(used).block();
				});
			assertThat(statuses).containsExactly(202, 202);
		}
		finally {
			backend.stop(0);
			threads.shutdown();
		}
	}

	private static boolean bothArrive(CountDownLatch reports) {
		try {
			return reports.await(15, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

	private static DefaultLifecycleProcessor impatient() {
		DefaultLifecycleProcessor processor = new DefaultLifecycleProcessor();
		processor.setTimeoutPerShutdownPhase(1);
		return processor;
	}

	@Test
	void whenTheShutdownTimeoutIsNegativeThenSaysSo() {
		this.contextRunner.withPropertyValues("threescale.reporting.shutdown-timeout=-1s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("threescale.reporting.shutdown-timeout"));
	}

	@Test
	void shouldAddNoBeanTheApplicationCouldTakeForItsOwn() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(ReactiveThreeScaleClient.class)
			.hasSingleBean(ThreeScaleClient.class)
			.doesNotHaveBean(TaskScheduler.class));
	}

	@Test
	void whenMvStoreIsAbsentThenSaysSo(@TempDir Path directory) {
		this.contextRunner.withClassLoader(new FilteredClassLoader("org.h2.mvstore"))
			.withPropertyValues("threescale.reporting.spool.directory=" + directory)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("threescale.reporting.spool.directory")
				.hasMessageContaining("com.h2database:h2-mvstore"));
	}

	@Test
	void whenStrictThenLastKnownIsNoPolicy() {
		this.contextRunner.withPropertyValues("threescale.mode=strict", "threescale.failure-policy=last-known")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("threescale.failure-policy"));
	}

	@Test
	void whenAPropertyMakesNoSenseThenNamesIt() {
		this.contextRunner.withPropertyValues("threescale.prediction.headroom-share=0")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("threescale.prediction.headroom-share"));
		this.contextRunner.withPropertyValues("threescale.reporting.max-counters=0")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("threescale.reporting.max-counters"));
	}

	@Configuration(proxyBeanMethods = false)
	static class ClockOfTheSandbox {

		@Bean
		Clock threeScaleClock(ThreeScaleSandbox sandbox) {
			return sandbox.clock();
		}

	}

}

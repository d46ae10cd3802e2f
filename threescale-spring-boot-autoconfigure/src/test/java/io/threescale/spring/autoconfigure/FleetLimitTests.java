package io.threescale.spring.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Period;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.fixture.LocalRedis;
import io.threescale.spring.sandbox.SandboxApplication;
import io.threescale.spring.sandbox.SandboxLimit;
import io.threescale.spring.sandbox.SandboxMetric;
import io.threescale.spring.sandbox.SandboxService;
import io.threescale.spring.sandbox.SandboxWorld;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two instances, one Redis and one 3scale keep to one limit.
 */
class FleetLimitTests {

	private static final ApplicationCredentials DEMO = ApplicationCredentials.userKey("demo");

	private static final ApplicationCredentials OTHER = ApplicationCredentials.userKey("other");

	private static final ApplicationCredentials NEAR = ApplicationCredentials.userKey("near");

	private static final ApplicationCredentials FAR = ApplicationCredentials.userKey("far");

	private static final ApplicationCredentials FREE = ApplicationCredentials.userKey("free");

	private static final ApplicationCredentials NEW = ApplicationCredentials.userKey("new");

	/** This machine takes its time. */
	private static final Duration MARGIN = Duration.ofMillis(400);

	private static final Duration NO_WAIT = MARGIN;

	private static final Duration CLAIM_WAIT = MARGIN.plusMillis(50);

	/** Half of what a call waits for 3scale. */
	private static final Duration QUESTION_WAIT = MARGIN.plusMillis(500);

	@TempDir
	static Path directory;

	private static LocalRedis redis;

	private static ThreeScaleSandbox backend;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class,
				ThreeScaleCircuitBreakerAutoConfiguration.class, ThreeScaleBackendAutoConfiguration.class,
				ThreeScaleFleetAutoConfiguration.class, ThreeScaleClientAutoConfiguration.class))
		.withPropertyValues("threescale.service-id=1001", "threescale.service-token=st1",
				"threescale.url=" + backend.uri(), "threescale.mode=predictive", "threescale.fleet.mode=redis",
				"threescale.fleet.secret=0123456789abcdef0123456789abcdef", "threescale.reporting.flush-interval=500ms",
				"spring.data.redis.port=" + redis.port());

	@BeforeAll
	static void start() {
		redis = LocalRedis.start(directory);
		backend = ThreeScaleSandbox.start(SandboxWorld.of("1001",
				SandboxService.userKey("st1")
					.withMetrics(SandboxMetric.of("hits"))
					.withPlan("basic", SandboxLimit.of("hits", Period.DAY, 400))
					.withPlan("free")
					.withPlan("closed", SandboxLimit.of("hits", Period.DAY, 0))
					.withApplication(SandboxApplication.userKey("demo").onPlan("basic"))
					.withApplication(SandboxApplication.userKey("near").onPlan("basic"))
					.withApplication(SandboxApplication.userKey("far").onPlan("basic"))
					.withApplication(SandboxApplication.userKey("free").onPlan("free"))
					.withApplication(SandboxApplication.userKey("new").onPlan("free"))
					.withApplication(SandboxApplication.userKey("other").onPlan("free"))));
	}

	@AfterAll
	static void stop() {
		backend.close();
		redis.close();
	}

	@Test
	void twoInstancesDrawFromOneLimit() {
		this.runner.run((first) -> this.runner.run((second) -> {
			long granted = granted(first.getBean(ThreeScaleClient.class), second.getBean(ThreeScaleClient.class));
			assertThat(granted).isBetween(400L, 420L);
			await().atMost(Duration.ofSeconds(10)).until(() -> backend.usage("demo", "hits") == granted);
		}));
	}

	@Test
	void callsDecidedHereAndCallsThatClaimDoNotWaitForARedisThatHangs() {
		this.runner.run((instance) -> {
			ThreeScaleClient client = instance.getBean(ThreeScaleClient.class);
			assertThat(granted(client, FAR, 30)).isEqualTo(30);
			assertThat(granted(instance, FREE)).isTrue();
			whileRedisHangs(() -> {
				assertThat(longest(client, FREE, 200)).isLessThan(NO_WAIT);
				// No slice is as large
				assertThat(longest(client, FAR, 100)).isLessThan(CLAIM_WAIT);
			});
		});
	}

	@Test
	void callsThatAsk3scaleDoNotWaitLongForARedisThatHangs() {
		this.runner.run((instance) -> {
			ThreeScaleClient client = instance.getBean(ThreeScaleClient.class);
			assertThat(granted(client, NEAR, 385)).isEqualTo(385);
			client.report(Transaction.of(NEAR, Usage.HIT));
			client.report(Transaction.of(NEW, Usage.HIT));
			whileRedisHangs(() -> {
				assertThat(longest(client, NEW, 1)).isLessThan(QUESTION_WAIT);
				assertThat(longest(client, NEAR, 10)).isLessThan(CLAIM_WAIT);
			});
		});
	}

	/** All calls are granted. */
	private static Duration longest(ThreeScaleClient client, ApplicationCredentials application, int calls) {
		long longest = 0;
		for (int i = 0; i < calls; i++) {
			long before = System.nanoTime();
			assertThat(client.authRep(application, Usage.HIT).isGranted()).isTrue();
			longest = Math.max(longest, System.nanoTime() - before);
		}
		return Duration.ofNanos(longest);
	}

	private static void whileRedisHangs(Runnable work) {
		redis.freeze();
		try {
			work.run();
		}
		finally {
			redis.thaw();
		}
	}

	/** The second asks 3scale itself when an hour is over. */
	@Test
	void aChangedPlanAndARevokedKeyOfWhichOneHearsReachTheOther() {
		this.runner.withPropertyValues("threescale.prediction.time-to-live=500ms")
			.run((first) -> this.runner.withPropertyValues("threescale.prediction.time-to-live=1h").run((second) -> {
				assertThat(granted(first, OTHER) && granted(second, OTHER)).isTrue();
				backend.changeService("1001",
						(service) -> service.changeApplication("other", (other) -> other.onPlan("closed")));
				awaitDenials(first, second);
				backend.changeService("1001",
						(service) -> service.changeApplication("other", (other) -> other.onPlan("free")));
				await().atMost(Duration.ofSeconds(15)).until(() -> granted(first, OTHER) && granted(second, OTHER));
				backend.changeService("1001", (service) -> service.withoutApplication("other"));
				awaitDenials(first, second);
			}));
	}

	private static void awaitDenials(ApplicationContext first, ApplicationContext second) {
		await().atMost(Duration.ofSeconds(15)).until(() -> !granted(first, OTHER) && !granted(second, OTHER));
	}

	private static boolean granted(ApplicationContext instance, ApplicationCredentials application) {
		return instance.getBean(ThreeScaleClient.class).authRep(application, Usage.HIT).isGranted();
	}

	/** One has four times as many calls as the other. */
	private static long granted(ThreeScaleClient first, ThreeScaleClient second) {
		CompletableFuture<Long> other = CompletableFuture.supplyAsync(() -> granted(second, DEMO, 150));
		return granted(first, DEMO, 500) + other.join();
	}

	private static long granted(ThreeScaleClient client, ApplicationCredentials application, int calls) {
		return Stream.generate(() -> client.authRep(application, Usage.HIT).isGranted())
			.limit(calls)
			.filter((granted) -> granted)
			.count();
	}

}

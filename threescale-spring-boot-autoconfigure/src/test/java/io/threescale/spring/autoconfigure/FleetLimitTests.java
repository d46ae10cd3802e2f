package io.threescale.spring.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Period;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.fixture.LocalRedis;
import io.threescale.spring.sandbox.SandboxApplication;
import io.threescale.spring.sandbox.SandboxLimit;
import io.threescale.spring.sandbox.SandboxMetric;
import io.threescale.spring.sandbox.SandboxService;
import io.threescale.spring.sandbox.SandboxWorld;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two instances, one Redis and one 3scale keep to one limit.
 */
class FleetLimitTests {

	private static final ApplicationCredentials APPLICATION = ApplicationCredentials.userKey("demo");

	@TempDir
	Path directory;

	@Test
	void twoInstancesDrawFromOneLimit() {
		SandboxWorld world = SandboxWorld.of("1001",
				SandboxService.userKey("st1")
					.withMetrics(SandboxMetric.of("hits"))
					.withPlan("basic", SandboxLimit.of("hits", Period.DAY, 400))
					.withApplication(SandboxApplication.userKey("demo").onPlan("basic")));
		try (LocalRedis redis = LocalRedis.start(this.directory);
				ThreeScaleSandbox backend = ThreeScaleSandbox.start(world)) {
			ApplicationContextRunner runner = new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class,
						ThreeScaleCircuitBreakerAutoConfiguration.class, ThreeScaleBackendAutoConfiguration.class,
						ThreeScaleFleetAutoConfiguration.class, ThreeScaleClientAutoConfiguration.class))
				.withPropertyValues("threescale.service-id=1001", "threescale.service-token=st1",
						"threescale.url=" + backend.uri(), "threescale.mode=predictive", "threescale.fleet.mode=redis",
						"threescale.fleet.secret=0123456789abcdef0123456789abcdef",
						"threescale.reporting.flush-interval=500ms", "spring.data.redis.port=" + redis.port());
			runner.run((first) -> runner.run((second) -> {
				long granted = granted(first.getBean(ThreeScaleClient.class), second.getBean(ThreeScaleClient.class));
				assertThat(granted).isBetween(400L, 420L);
				await().atMost(Duration.ofSeconds(10)).until(() -> backend.usage("demo", "hits") == granted);
			}));
		}
	}

	/** One has four times as many calls as the other. */
	private static long granted(ThreeScaleClient first, ThreeScaleClient second) {
		CompletableFuture<Long> other = CompletableFuture.supplyAsync(() -> granted(second, 150));
		return granted(first, 500) + other.join();
	}

	private static long granted(ThreeScaleClient client, int calls) {
		return Stream.generate(() -> client.authRep(APPLICATION, Usage.HIT).isGranted())
			.limit(calls)
			.filter((granted) -> granted)
			.count();
	}

}

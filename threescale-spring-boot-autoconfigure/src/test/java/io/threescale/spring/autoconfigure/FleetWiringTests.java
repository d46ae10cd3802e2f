package io.threescale.spring.autoconfigure;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.actuate.ThreeScaleHealthIndicator;
import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.client.fleet.Fleet;
import io.threescale.spring.fixture.LocalRedis;
import io.threescale.spring.sandbox.SandboxApplication;
import io.threescale.spring.sandbox.SandboxMetric;
import io.threescale.spring.sandbox.SandboxService;
import io.threescale.spring.sandbox.SandboxWorld;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisSentinel;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A fleet on the Redis that Spring Boot has connected: alone, as a cluster, and behind a
 * sentinel.
 */
@ExtendWith(OutputCaptureExtension.class)
class FleetWiringTests {

	private static final String SECRET = "threescale.fleet.secret=0123456789abcdef0123456789abcdef";

	private static final String REDIS = "threescale.fleet.mode=redis";

	@TempDir
	Path directory;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(DataRedisAutoConfiguration.class, ThreeScaleCircuitBreakerAutoConfiguration.class,
						ThreeScaleBackendAutoConfiguration.class, ThreeScaleFleetAutoConfiguration.class,
						ThreeScaleClientAutoConfiguration.class, ThreeScaleHealthContributorAutoConfiguration.class))
		.withPropertyValues("threescale.service-id=1001", "threescale.service-token=st1", "threescale.mode=predictive",
				"spring.data.redis.port=1");

	@Test
	void byDefaultRedisIsNotTouched(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(Fleet.class);
			assertThat(output).doesNotContain("FleetMembers");
			assertThat(spool(context)).isEqualTo("none");
		});
	}

	private static Object spool(AssertableApplicationContext context) {
		Object services = context.getBean(ThreeScaleHealthIndicator.class).health().getDetails().get("services");
		return ((Map<?, ?>) ((Map<?, ?>) services).get("default")).get("spool");
	}

	@Test
	void whatIsMissingIsNamed() {
		assertFailure(this.contextRunner.withPropertyValues(REDIS), "'threescale.fleet.secret' is not set");
		assertFailure(this.contextRunner.withPropertyValues(REDIS, "threescale.fleet.secret=short"),
				"'threescale.fleet.secret' must be 32 characters or longer");
		assertFailure(this.contextRunner.withPropertyValues(REDIS, SECRET, "threescale.fleet.key-prefix=a{b}"),
				"'threescale.fleet.key-prefix' must be a text without braces");
		assertFailure(
				this.contextRunner.withPropertyValues(REDIS, SECRET,
						"threescale.reporting.spool.directory=" + this.directory),
				"'threescale.reporting.spool.directory' has no effect");
		assertFailure(
				this.contextRunner.withPropertyValues(REDIS, SECRET)
					.withClassLoader(new FilteredClassLoader("org.springframework.data.redis")),
				"Spring Data Redis is not on the classpath");
	}

	private static void assertFailure(ApplicationContextRunner runner, String message) {
		runner.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(InvalidThreeScaleConfigurationException.class)
			.hasMessageContaining(message));
	}

	@Test
	void startsWithoutRedis(CapturedOutput output) {
		this.contextRunner.withPropertyValues(REDIS, SECRET).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("Redis does not answer, and this instance goes on alone");
			assertThat(spool(context)).isEqualTo(Map.of("failedWrites", 0L));
		});
	}

	@Test
	void theNextInstanceReportsWhatOneHasLeft(CapturedOutput output) {
		try (LocalRedis redis = LocalRedis.start(this.directory, "maxmemory-policy allkeys-lru")) {
			assertShared("spring.data.redis.port=" + redis.port());
			assertThat(output).contains("its maxmemory-policy is 'allkeys-lru'");
		}
	}

	@Test
	void inAClusterAllKeysOfAServiceAreInOneSlot() {
		try (LocalRedis redis = LocalRedis.start(this.directory, "cluster-enabled yes")) {
			LettuceConnectionFactory connections = redis.connect();
			connections.getConnection()
				.execute("CLUSTER",
						Stream.concat(Stream.of("ADDSLOTS"), IntStream.range(0, 16384).mapToObj(String::valueOf))
							.map(String::getBytes)
							.toArray(byte[][]::new));
			await().until(() -> new String((byte[]) connections.getConnection().execute("CLUSTER", "INFO".getBytes()))
				.contains("cluster_state:ok"));
			connections.destroy();
			assertShared("spring.data.redis.cluster.nodes=127.0.0.1:" + redis.port());
		}
	}

	@Test
	void aSentinelTellsWhereRedisIs() throws Exception {
		try (LocalRedis redis = LocalRedis.start(this.directory)) {
			RedisSentinel sentinel = RedisSentinel.newRedisSentinel()
				.bind("127.0.0.1")
				.masterName("mymaster")
				.masterPort(redis.port())
				.quorumSize(1)
				.build();
			sentinel.start();
			try {
				assertShared("spring.data.redis.sentinel.master=mymaster",
						"spring.data.redis.sentinel.nodes=127.0.0.1:" + sentinel.ports().get(0));
			}
			finally {
				sentinel.stop();
			}
		}
	}

	private void assertShared(String... connection) {
		SandboxWorld world = SandboxWorld.of("1001",
				SandboxService.userKey("st1")
					.withMetrics(SandboxMetric.of("hits"))
					.withPlan("free")
					.withApplication(SandboxApplication.userKey("demo").onPlan("free")));
		try (ThreeScaleSandbox backend = ThreeScaleSandbox.start(world)) {
			ApplicationContextRunner runner = this.contextRunner.withPropertyValues(REDIS, SECRET)
				.withPropertyValues("threescale.url=" + backend.uri())
				.withPropertyValues(connection);
			runner.withPropertyValues("threescale.reporting.shutdown-timeout=0s").run((context) -> {
				assertThat(context).hasNotFailed();
				context.getBean(ThreeScaleClient.class)
					.report(Transaction.of(ApplicationCredentials.userKey("demo"), Usage.HIT));
			});
			assertThat(backend.usage("demo", "hits")).isZero();
			runner.withPropertyValues("threescale.reporting.flush-interval=100ms").run((context) -> {
				assertThat(context).hasNotFailed();
				await().until(() -> backend.usage("demo", "hits") == 1);
			});
		}
	}

}

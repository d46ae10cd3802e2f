package io.threescale.spring.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import io.lettuce.core.cluster.SlotHash;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Period;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.fixture.LocalRedis;
import io.threescale.spring.fixture.RedisServers;
import io.threescale.spring.sandbox.SandboxApplication;
import io.threescale.spring.sandbox.SandboxLimit;
import io.threescale.spring.sandbox.SandboxMetric;
import io.threescale.spring.sandbox.SandboxService;
import io.threescale.spring.sandbox.SandboxWorld;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two instances are called while another Redis server takes over, or the same one comes
 * back empty. What was used is counted once, limits hold as the documents tell, and no
 * call waits.
 */
@Tag("soak")
class FleetFailoverTests {

	private static final int LIMIT = 3_000;

	private static final int GUARD = 150;

	/** A call waits for Redis 50 ms, and for this machine. */
	private static final Duration LONGEST_CALL = Duration.ofMillis(500);

	/** Beyond that, an instance that is not heard of is dead. */
	private static final Duration DEAD_AFTER = Duration.ofSeconds(10);

	@TempDir
	private Path directory;

	private final ThreeScaleSandbox backend = ThreeScaleSandbox
		.start(SandboxWorld.of("1001", service("default")).withService("1002", service("other")));

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class,
				ThreeScaleCircuitBreakerAutoConfiguration.class, ThreeScaleBackendAutoConfiguration.class,
				ThreeScaleFleetAutoConfiguration.class, ThreeScaleClientAutoConfiguration.class))
		.withPropertyValues("threescale.service-id=1001", "threescale.service-token=st1",
				"threescale.services.other.service-id=1002", "threescale.services.other.service-token=st1",
				"threescale.url=" + this.backend.uri(), "threescale.mode=predictive", "threescale.fleet.mode=redis",
				"threescale.fleet.secret=0123456789abcdef0123456789abcdef", "threescale.reporting.flush-interval=500ms",
				"threescale.prediction.headroom-share=1", "threescale.reporting.shutdown-timeout=30s");

	private static SandboxService service(String name) {
		return SandboxService.userKey("st1")
			.withMetrics(SandboxMetric.of("hits"))
			.withPlan("basic", SandboxLimit.of("hits", Period.DAY, LIMIT))
			.withPlan("free")
			.withApplication(SandboxApplication.userKey(name + "-limited").onPlan("basic"))
			.withApplication(SandboxApplication.userKey(name + "-free").onPlan("free"));
	}

	@AfterEach
	void stop() {
		this.backend.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 60, -60 })
	void aReplicaTakesOverWhenTheMasterIsKilled(int clock) throws Exception {
		try (RedisServers redis = RedisServers.sentinel(this.directory, Duration.ofSeconds(clock))) {
			run(redis, sentinel(redis), () -> redis.server(0).stop(), 1);
		}
	}

	/** Its clients stay connected to it, and it is a replica afterwards. */
	@Test
	void aReplicaTakesOverWhileTheMasterHangs() throws Exception {
		try (RedisServers redis = RedisServers.sentinel(this.directory, Duration.ZERO)) {
			run(redis, sentinel(redis), () -> {
				redis.server(0).freeze();
				pause(DEAD_AFTER.multipliedBy(2));
				redis.server(0).thaw();
			}, 1);
		}
	}

	@ParameterizedTest
	@CsvSource({ "12, true", "12, false" })
	void aReplicaThatWasBehindTakesOver(int seconds, boolean killed) throws Exception {
		try (RedisServers redis = RedisServers.sentinel(this.directory, Duration.ZERO)) {
			run(redis, sentinel(redis), () -> {
				redis.stopReplication(0);
				pause(Duration.ofSeconds(seconds));
				if (killed) {
					redis.server(0).stop();
				}
				else {
					redis.failOver();
				}
			}, 1);
		}
	}

	@Test
	void aNodeOfAClusterIsReplacedByItsReplica() throws Exception {
		try (RedisServers redis = RedisServers.cluster(this.directory, 3)) {
			int node = node("1001");
			assertThat(node("1002")).isNotEqualTo(node);
			redis.addDocumentedUser();
			run(redis, cluster(redis), () -> redis.server(node).stop(), 3 + node);
			assertThat(redis.denied(3 + node)).isEmpty();
			assertThat(redis.denied(node("1002"))).isEmpty();
		}
	}

	@Test
	void aSlotOfAClusterMovesToAnotherNode() throws Exception {
		try (RedisServers redis = RedisServers.cluster(this.directory, 3)) {
			int from = node("1001");
			int to = (from + 1) % 3;
			redis.addDocumentedUser();
			run(redis, cluster(redis), () -> {
				int slot = SlotHash.getSlot("1001");
				String source = redis.commands(from).clusterMyId();
				String target = redis.commands(to).clusterMyId();
				redis.commands(to).clusterSetSlotImporting(slot, source);
				redis.commands(from).clusterSetSlotMigrating(slot, target);
				pause(Duration.ofSeconds(2));
				List<String> keys = redis.commands(from).clusterGetKeysInSlot(slot, 100);
				for (String key : keys) {
					redis.commands(from).migrate("127.0.0.1", redis.server(to).port(), key, 0, 5_000);
				}
				pause(Duration.ofSeconds(2));
				redis.commands(to).clusterSetSlotNode(slot, target);
				redis.commands(from).clusterSetSlotNode(slot, target);
			}, to);
			assertThat(redis.denied(from)).isEmpty();
			assertThat(redis.denied(to)).isEmpty();
		}
	}

	@Test
	void aServerThatKeepsNothingIsStartedAgain() throws Exception {
		try (RedisServers redis = RedisServers.single(this.directory)) {
			run(redis, new String[] { "spring.data.redis.port=" + redis.server(0).port() }, () -> {
				redis.server(0).stop();
				redis.server(0).resume();
			}, 0);
		}
	}

	private static int node(String service) {
		return SlotHash.getSlot(service) * 3 / SlotHash.SLOT_COUNT;
	}

	private static String[] sentinel(RedisServers redis) {
		return new String[] { "spring.data.redis.sentinel.master=" + RedisServers.MASTER,
				"spring.data.redis.sentinel.nodes=127.0.0.1:" + redis.sentinelPort() };
	}

	private static String[] cluster(RedisServers redis) {
		return new String[] { "spring.data.redis.username=threescale", "spring.data.redis.password=password",
				"spring.data.redis.cluster.nodes=127.0.0.1:" + redis.server(2).port(),
				"spring.data.redis.lettuce.cluster.refresh.adaptive=true" };
	}

	/**
	 * Call two instances, have something happen to Redis, and see that all is accounted
	 * for.
	 * @param then the server that has the members after that
	 */
	private void run(RedisServers redis, String[] connection, Runnable event, int then) {
		List<Load> loads = new ArrayList<>();
		ApplicationContextRunner connected = this.runner.withPropertyValues(connection);
		connected.run((first) -> connected.run((second) -> {
			loads.add(new Load(first, "default"));
			loads.add(new Load(second, "default"));
			loads.add(new Load(second, "other"));
			try {
				await().atMost(Duration.ofMinutes(1)).until(() -> loads.stream().allMatch((load) -> load.taken > 200));
				event.run();
				long before = System.nanoTime();
				await().atMost(Duration.ofMinutes(2)).until(() -> heardOf(redis, then) == 2);
				System.out.printf("Both are members again after %d ms%n", (System.nanoTime() - before) / 1_000_000);
				pause(DEAD_AFTER.plusSeconds(5));
				await().atMost(Duration.ofMinutes(2)).until(() -> loads.stream().allMatch((load) -> load.denied > 20));
			}
			finally {
				loads.forEach(Load::close);
			}
			assertThat(members(redis, then)).as("nobody was taken for dead").hasSize(2);
			for (Load load : loads) {
				System.out.println(load);
			}
			assertThat(ambiguous(first) + ambiguous(second)).isZero();
		}));
		Load other = loads.get(2);
		long taken = loads.get(0).taken + loads.get(1).taken;
		long granted = loads.get(0).granted + loads.get(1).granted;
		System.out.printf("taken %d, counted %d; granted %d, counted %d%n", taken,
				this.backend.usage("default-free", "hits"), granted, this.backend.usage("default-limited", "hits"));
		assertThat(this.backend.usage("default-free", "hits")).isEqualTo(taken);
		assertThat(this.backend.usage("default-limited", "hits")).isEqualTo(granted);
		assertThat(granted).isBetween((long) LIMIT, (long) LIMIT + 2 * GUARD + LIMIT);
		assertThat(this.backend.usage("other-free", "hits")).isEqualTo(other.taken);
		assertThat(other.granted).isBetween((long) LIMIT, (long) LIMIT + GUARD);
		assertThat(loads).allSatisfy((load) -> {
			assertThat(load.failure).isNull();
			assertThat(Duration.ofNanos(load.longest)).isLessThan(LONGEST_CALL);
		});
	}

	private static Map<String, Double> members(RedisServers redis, int server) {
		Map<String, Double> members = new HashMap<>();
		redis.commands(server)
			.zrangeWithScores("threescale:v1:{1001}:members", 0, -1)
			.forEach((member) -> members.put(member.getValue(), member.getScore()));
		return members;
	}

	/** Nobody is asked what time it is there. */
	private static long heardOf(RedisServers redis, int server) {
		try {
			Map<String, Double> before = members(redis, server);
			pause(Duration.ofSeconds(3));
			Map<String, Double> after = members(redis, server);
			after.entrySet().removeIf((member) -> member.getValue().equals(before.get(member.getKey())));
			return after.size();
		}
		catch (RuntimeException ex) {
			return 0;
		}
	}

	private static long ambiguous(ApplicationContext context) {
		return context.getBean(ServicePipelines.class)
			.byName()
			.values()
			.stream()
			.mapToLong((pipeline) -> pipeline.reporting().statistics().ambiguousUnits())
			.sum();
	}

	private static void pause(Duration duration) {
		LockSupport.parkNanos(duration.toNanos());
	}

	/**
	 * Calls one service of one instance until it is closed.
	 */
	private static final class Load implements AutoCloseable {

		private final String name;

		private final ThreeScaleClient client;

		private final ApplicationCredentials free;

		private final ApplicationCredentials limited;

		private final Thread thread = new Thread(this::call);

		private volatile boolean ended;

		private volatile long taken;

		private volatile long granted;

		private volatile long denied;

		private volatile long longest;

		private volatile Throwable failure;

		Load(ApplicationContext context, String service) {
			this.name = service;
			this.free = ApplicationCredentials.userKey(service + "-free");
			this.limited = ApplicationCredentials.userKey(service + "-limited");
			this.client = ThreeScaleClient
				.blocking(context.getBean(ServicePipelines.class).byName().get(service).client());
			// What the first call of all takes is not about Redis
			this.granted += this.client.authRep(this.limited, Usage.HIT).isGranted() ? 1 : 0;
			this.thread.start();
		}

		private void call() {
			try {
				while (!this.ended) {
					long before = System.nanoTime();
					this.client.report(Transaction.of(this.free, Usage.HIT));
					this.taken++;
					time(before);
					before = System.nanoTime();
					if (this.client.authRep(this.limited, Usage.HIT).isGranted()) {
						this.granted++;
					}
					else {
						this.denied++;
					}
					time(before);
					pause(Duration.ofMillis(10));
				}
			}
			catch (RuntimeException | Error ex) {
				this.failure = ex;
			}
		}

		private void time(long before) {
			this.longest = Math.max(this.longest, System.nanoTime() - before);
		}

		@Override
		public void close() {
			this.ended = true;
			try {
				this.thread.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		@Override
		public String toString() {
			return this.name + ": taken " + this.taken + ", granted " + this.granted + ", denied " + this.denied
					+ ", longest call " + this.longest / 1_000_000 + " ms, failure " + this.failure;
		}

	}

}

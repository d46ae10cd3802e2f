package io.threescale.spring.client.fleet;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.client.SteadyTime;
import io.threescale.spring.client.reporting.spool.SpoolOwner;
import io.threescale.spring.client.reporting.spool.SpooledUsage;
import io.threescale.spring.fixture.LocalRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is adopted of entries that members have left, entry by entry.
 */
@ExtendWith(OutputCaptureExtension.class)
class AdoptionTests {

	private static final FleetKeys KEYS = FleetKeys.of("test", "42");

	@TempDir
	Path directory;

	private LocalRedis server;

	private LettuceConnectionFactory connections;

	private StringRedisTemplate redis;

	private RedisUsageSpool spool;

	private final UsageCipher cipher = new UsageCipher(new FleetSecret(FleetInstance.SECRET), KEYS);

	private final ThreadPoolTaskScheduler tasks = new ThreadPoolTaskScheduler();

	private final Owner owner = new Owner();

	@BeforeEach
	void join() {
		this.server = LocalRedis.start(this.directory);
		this.connections = this.server.connect();
		this.redis = new StringRedisTemplate(this.connections);
		this.tasks.initialize();
		this.spool = new RedisUsageSpool(new FleetMembers(new RedisScripts(this.connections), KEYS, this.tasks,
				new SteadyTime(Clock.systemUTC(), System::nanoTime), Duration.ofMillis(10)), this.cipher);
		this.spool.load();
	}

	@AfterEach
	void stop() {
		this.spool.close();
		this.tasks.shutdown();
		this.connections.destroy();
		this.server.close();
	}

	@Test
	void whatCannotBeReadIsLeftAloneAndTheRestIsAdopted(CapturedOutput output) {
		leave("other", "5", "written with another secret");
		leave("other", "6", this.cipher.encrypt(usage(6)));
		attendUntil(() -> output.getOut().contains("cannot be read, and is left alone"));
		assertThat(this.owner.received).containsExactly(usage(1));
		assertThat(this.redis.opsForHash().keys(KEYS.usage("other"))).containsExactly("5");
	}

	/** As it takes memory to do so. */
	@Test
	void onlyTheLastHundredBatchesAreTakenOutOfAnOlderCopy() {
		leaveOneEach(101);
		attendUntil(() -> this.owner.received.size() == 101);
		String first = member(this.owner.received.get(0));
		String second = member(this.owner.received.get(1));
		this.connections.getConnection().serverCommands().flushAll();
		List.of(first, second).forEach((member) -> this.redis.opsForHash().put(KEYS.usage(member), "7", "older"));
		attendUntil(() -> this.owner.lost);
		assertThat(this.redis.hasKey(KEYS.usage(second))).isFalse();
		assertThat(this.redis.hasKey(KEYS.usage(first))).isTrue();
	}

	private void attendUntil(Callable<Boolean> condition) {
		await().pollInterval(Duration.ofMillis(1)).until(() -> {
			this.spool.attend(this.owner);
			return condition.call();
		});
	}

	private void leaveOneEach(int members) {
		for (int i = 0; i < members; i++) {
			leave("m" + i, "7", this.cipher.encrypt(usage(7, "m" + i)));
		}
	}

	private void leave(String member, String field, String value) {
		this.redis.opsForHash().put(KEYS.usage(member), field, value);
		this.redis.opsForZSet().add(KEYS.members(), member, 0);
	}

	private static String member(SpooledUsage usage) {
		return usage.metric();
	}

	private static SpooledUsage usage(long id) {
		return usage(id, "hits");
	}

	private static SpooledUsage usage(long id, String metric) {
		return new SpooledUsage(id, ApplicationCredentials.userKey("demo"), metric, 1, Instant.EPOCH, null, false,
				Instant.EPOCH, null, false);
	}

	private static final class Owner implements SpoolOwner {

		private final List<SpooledUsage> received = new ArrayList<>();

		private long ids;

		private boolean lost;

		@Override
		public long nextId() {
			return ++this.ids;
		}

		@Override
		public void received(List<SpooledUsage> usage) {
			this.received.addAll(usage);
		}

		@Override
		public void lost() {
			this.lost = true;
		}

		@Override
		public void withdrawn() {
			throw new IllegalStateException("Nobody fences this member");
		}

	}

}

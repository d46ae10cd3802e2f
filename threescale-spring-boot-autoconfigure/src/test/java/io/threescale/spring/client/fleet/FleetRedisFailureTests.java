package io.threescale.spring.client.fleet;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

import io.threescale.spring.fixture.LocalRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What instances have used is reported once, whatever becomes of Redis.
 */
class FleetRedisFailureTests {

	@TempDir
	static Path directory;

	static LocalRedis server;

	private final FleetFixture fleet = new FleetFixture(server);

	@BeforeAll
	static void startRedis() {
		server = LocalRedis.start(directory);
	}

	@AfterAll
	static void stopRedis() {
		server.close();
	}

	@AfterEach
	void stop() {
		this.fleet.close();
	}

	@Test
	void redisThatHasLostAllIsToldAgain() {
		FleetInstance one = this.fleet.start();
		FleetInstance other = this.fleet.start();
		one.use(10);
		this.fleet.awaitStored(1);
		this.fleet.flushAll();
		this.fleet.awaitStored(1);
		one.kill();
		await().until(() -> other.pending() == 10);
		assertThat(this.fleet.counted(other)).isEqualTo(10);
	}

	/** As after a failover to a replica that was behind. */
	@Test
	void redisThatHasLostTheLastWritesIsToldAgain(@TempDir Path own) {
		try (LocalRedis redis = LocalRedis.start(own); FleetFixture fleet = new FleetFixture(redis)) {
			FleetInstance one = fleet.start();
			FleetInstance other = fleet.start();
			one.use(10);
			fleet.awaitStored(1);
			fleet.connections.getConnection().serverCommands().save();
			assertThat(fleet.counted(one)).isEqualTo(10);
			one.useIn(3);
			fleet.awaitStored(3);
			redis.stop();
			await().until(() -> !one.isConnected() && !other.isConnected());
			redis.resume();
			await().until(() -> one.isConnected() && other.isConnected());
			fleet.awaitStored(3);
			one.kill();
			await().until(() -> other.pending() == 3);
			assertThat(fleet.counted(other)).isEqualTo(13);
		}
	}

	@Test
	void whatWasAdoptedIsNotTakenFromAnOlderCopy() {
		FleetInstance dead = this.fleet.start();
		dead.use(10);
		this.fleet.awaitStored(1);
		String usage = this.fleet.usage().get(0);
		byte[] copy = this.fleet.redis.dump(usage);
		dead.kill();
		FleetInstance one = this.fleet.start();
		await().until(() -> one.pending() == 10);
		assertThat(this.fleet.counted(one)).isEqualTo(10);
		this.fleet.redis.delete(this.fleet.usage());
		this.fleet.connections.getConnection().keyCommands().restore(bytes(usage), 0, copy);
		this.fleet.redis.opsForZSet().add(this.fleet.members(), this.fleet.member(usage), 1);
		await().until(() -> !this.fleet.usage().contains(usage));
		assertThat(this.fleet.counted(one)).isEqualTo(10);
	}

	@Test
	void whatWasReportedMeanwhileIsNotTakenFromAnOlderCopy() {
		FleetInstance one = this.fleet.start();
		one.use(10);
		this.fleet.awaitStored(1);
		String usage = this.fleet.usage().get(0);
		byte[] copy = this.fleet.redis.dump(usage);
		assertThat(this.fleet.counted(one)).isEqualTo(10);
		one.use(1);
		this.fleet.awaitStored(1);
		this.fleet.redis.delete(usage);
		this.fleet.connections.getConnection().keyCommands().restore(bytes(usage), 0, copy);
		await().until(() -> !Arrays.equals(copy, this.fleet.redis.dump(usage)));
		one.kill();
		FleetInstance other = this.fleet.start();
		await().until(() -> other.pending() > 0);
		assertThat(this.fleet.counted(other)).isEqualTo(11);
	}

	@Test
	void whileRedisIsAwayUsageIsReportedFromMemory() {
		FleetInstance one = this.fleet.start();
		one.use(10);
		this.fleet.awaitStored(1);
		server.stop();
		try {
			await().until(() -> !one.isConnected());
			one.use(1);
			one.flush();
			// In a new minute, it is not added to what waits
			assertThat(this.fleet.counted()).as("usage that is in Redis waits, as others may have it")
				.isLessThanOrEqualTo(1);
		}
		finally {
			server.resume();
		}
		await().until(one::isConnected);
		await().untilAsserted(() -> assertThat(this.fleet.counted(one)).isEqualTo(11));
	}

	@Test
	void aFullRedisIsLikeOneThatIsAway() {
		FleetInstance one = this.fleet.start();
		this.fleet.set("maxmemory", "1");
		try {
			await().until(() -> !one.isConnected());
			one.use(10);
			assertThat(this.fleet.counted(one)).isEqualTo(10);
		}
		finally {
			this.fleet.set("maxmemory", "0");
		}
		await().until(one::isConnected);
	}

	@Test
	void noCallWaitsForASlowRedis() {
		FleetInstance one = this.fleet.start();
		one.use(1);
		this.fleet.connections.getConnection().execute("CLIENT", bytes("PAUSE"), bytes("1500"));
		long before = System.nanoTime();
		one.use(1000);
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(1000));
		await().until(() -> !one.isConnected());
		await().until(one::isConnected);
		assertThat(this.fleet.counted(one)).isEqualTo(1001);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}

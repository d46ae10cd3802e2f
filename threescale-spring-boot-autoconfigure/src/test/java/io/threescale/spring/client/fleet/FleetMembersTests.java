package io.threescale.spring.client.fleet;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import io.threescale.spring.client.SteadyTime;
import io.threescale.spring.client.fleet.FleetView.State;
import io.threescale.spring.fixture.LocalRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.data.redis.connection.zset.Tuple;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Who is in the fleet, with a real Redis.
 */
class FleetMembersTests {

	private static final Duration HEARTBEAT = Duration.ofMillis(50);

	@TempDir
	static Path directory;

	static LocalRedis redis;

	private final LettuceConnectionFactory connections = redis.connect();

	private final ThreadPoolTaskScheduler tasks = new ThreadPoolTaskScheduler();

	private final SteadyTime time = new SteadyTime(Clock.systemUTC(), System::nanoTime);

	private final List<FleetMembers> all = new ArrayList<>();

	@BeforeAll
	static void startRedis() {
		redis = LocalRedis.start(directory);
	}

	@AfterAll
	static void stopRedis() {
		redis.close();
	}

	@BeforeEach
	void initialize() {
		this.connections.getConnection().serverCommands().flushAll();
		this.tasks.initialize();
	}

	@AfterEach
	void stop() {
		this.all.forEach(FleetMembers::stop);
		this.tasks.shutdown();
		this.connections.destroy();
	}

	@Test
	void countsThoseThatAreAlive() {
		FleetMembers first = join("42");
		FleetMembers second = join("42");
		FleetMembers elsewhere = join("43");
		await().until(() -> first.size() == 2 && second.size() == 2);
		assertThat(elsewhere.size()).isEqualTo(1);
		second.stop();
		await().until(() -> first.size() == 1);
		assertThat(first.view().gone()).containsExactly(second.id());
	}

	@Test
	void noticesThatRedisHasLostItsData() {
		List<State> states = new ArrayList<>();
		FleetMembers member = join("42");
		member.afterBeat(() -> states.add(member.view().state()));
		this.connections.getConnection().serverCommands().flushAll();
		await().until(() -> states.contains(State.FORGOTTEN) && member.view().state() == State.MEMBER);
	}

	/** As after a failover to a replica that was behind, which no heartbeat noticed. */
	@Test
	void silenceOfOthersInAnOlderCopyTellsNothing() {
		FleetMembers first = join("42");
		FleetMembers second = join("42");
		await().until(() -> first.size() == 2);
		FleetMembers third = join("42");
		third.stop();
		await().until(() -> first.adoptable().contains(third.id()));
		List<List<String>> adoptable = new CopyOnWriteArrayList<>();
		List<Integer> sizes = new CopyOnWriteArrayList<>();
		second.stop();
		first.afterBeat(() -> {
			if (first.view().gone().contains(second.id())) {
				adoptable.add(first.adoptable());
				sizes.add(first.size());
			}
		});
		setSeen(Instant.now().minusSeconds(60), first, second);
		await().until(() -> !adoptable.isEmpty());
		assertThat(adoptable.get(0)).isEmpty();
		assertThat(sizes.get(0)).isEqualTo(2);
		await().until(() -> first.adoptable().contains(second.id()) && first.size() == 1);
	}

	@Test
	void aClockThatWentBackKeepsNobodyAlive() {
		FleetMembers first = join("42");
		FleetMembers second = join("42");
		await().until(() -> first.size() == 2);
		second.stop();
		setSeen(Instant.now().plusSeconds(60), first, second);
		await().until(() -> first.size() == 1 && first.adoptable().contains(second.id()));
	}

	private void setSeen(Instant time, FleetMembers... members) {
		Set<Tuple> seen = Arrays.stream(members)
			.map((member) -> Tuple.of(member.id().getBytes(StandardCharsets.US_ASCII), (double) time.toEpochMilli()))
			.collect(Collectors.toSet());
		this.connections.getConnection()
			.zSetCommands()
			.zAdd(members[0].keys().members().getBytes(StandardCharsets.US_ASCII), seen);
	}

	@Test
	void goesOnAloneWhileRedisIsAway() {
		FleetMembers member = join("42");
		redis.stop();
		try {
			await().until(() -> !member.isConnected());
			assertThat(member.size()).isEqualTo(1);
		}
		finally {
			redis.resume();
		}
		await().until(member::isConnected);
	}

	private FleetMembers join(String service) {
		FleetMembers members = new FleetMembers(new RedisScripts(this.connections), FleetKeys.of("test", service),
				this.tasks, this.time, HEARTBEAT);
		members.start(() -> 0);
		this.all.add(members);
		return members;
	}

}

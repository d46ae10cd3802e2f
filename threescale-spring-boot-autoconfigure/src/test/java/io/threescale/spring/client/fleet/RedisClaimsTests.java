package io.threescale.spring.client.fleet;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.client.SteadyTime;
import io.threescale.spring.client.predictive.Claims;
import io.threescale.spring.client.predictive.Claims.Grant;
import io.threescale.spring.client.predictive.Claims.Outcome;
import io.threescale.spring.client.predictive.Claims.Reply;
import io.threescale.spring.client.predictive.Claims.Request;
import io.threescale.spring.client.predictive.Claims.Window;
import io.threescale.spring.client.predictive.SimulatedClaims;
import io.threescale.spring.fixture.LocalRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.data.redis.connection.RedisZSetCommands;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the script of claims in a real Redis against the one in memory that simulations
 * use.
 */
class RedisClaimsTests {

	private static final int MEMBERS = 4;

	private static final SteadyTime TIME = new SteadyTime(Clock.systemUTC(), System::nanoTime);

	private static final List<ApplicationCredentials> APPLICATIONS = List.of(ApplicationCredentials.appId("one"),
			ApplicationCredentials.userKey("two"));

	@TempDir
	Path directory;

	private LocalRedis redis;

	private LettuceConnectionFactory connections;

	private final ThreadPoolTaskScheduler tasks = new ThreadPoolTaskScheduler();

	private final FleetSecret secret = new FleetSecret("a secret that is long enough");

	private final List<FleetMembers> members = new ArrayList<>();

	private final List<Claims> real = new ArrayList<>();

	private final long[] sequences = new long[MEMBERS];

	private final SimulatedClaims simulated = new SimulatedClaims(() -> System.currentTimeMillis());

	/**
	 * Times from the start, too far apart for two clocks to disagree about their order.
	 */
	private final List<Long> askedAt = LongStream.range(-2_000, 2_000)
		.mapToObj((number) -> number * 50)
		.collect(Collectors.toCollection(ArrayList::new));

	private long start;

	@BeforeEach
	void join() {
		this.redis = LocalRedis.start(this.directory);
		this.connections = this.redis.connect();
		this.connections.getConnection().ping();
		this.tasks.initialize();
		RedisScripts scripts = new RedisScripts(this.connections);
		for (int i = 0; i < MEMBERS; i++) {
			FleetMembers member = new FleetMembers(scripts, FleetKeys.of("threescale", "42"), this.tasks, TIME,
					Duration.ofHours(1));
			member.start(() -> 0);
			this.members.add(member);
			this.real.add(new RedisClaims(scripts, member, this.secret, TIME));
			this.simulated.join(member.id());
		}
		this.members.forEach(FleetMembers::stop);
	}

	@AfterEach
	void stop() {
		this.tasks.shutdown();
		this.connections.destroy();
		this.redis.close();
	}

	@Test
	void decidesLikeTheOneInMemory() {
		// The first answer of all tells the time
		this.real.forEach((claims) -> assertThat(claims.claim(new Request(APPLICATIONS.get(0), 1, List.of())).block())
			.isEqualTo(new Reply(Outcome.AGAIN, List.of())));
		Random random = new Random(42);
		this.start = System.currentTimeMillis();
		Collections.shuffle(this.askedAt, random);
		for (int i = 0; i < 1_000; i++) {
			int member = random.nextInt(MEMBERS);
			if (random.nextInt(50) == 0) {
				comeOrGo(member);
			}
			Request request = request(random, member);
			assertThat(reply(this.real.get(member), request)).as("reply %d to %s", i, request)
				.isEqualTo(reply(() -> this.simulated.run(this.members.get(member).id(), request)));
		}
	}

	/** As after a failover to a server with another clock. */
	@Test
	void whatWasShownUnderAClockThatWentBackIsForgotten() {
		ApplicationCredentials application = APPLICATIONS.get(0);
		Claims claims = this.real.get(0);
		claims.claim(new Request(application, 1, List.of())).block();
		claims.claim(new Request(application, 2, List.of(window(0, 100)))).block();
		String key = new StringRedisTemplate(this.connections).keys("*:claims:*").iterator().next();
		this.connections.getConnection().scriptingCommands().eval("""
				local state = cmsgpack.unpack(redis.call('GET', KEYS[1]))
				state.time = (state.time or 0) + 60000
				for _, window in pairs(state.windows) do
				  window.at = window.at + 60000
				end
				return redis.call('SET', KEYS[1], cmsgpack.pack(state))
				""".getBytes(StandardCharsets.UTF_8), ReturnType.STATUS, 1, key.getBytes(StandardCharsets.UTF_8));
		Grant grant = claims.claim(new Request(application, 3, List.of(window(100, 0)))).block().windows().get(0);
		assertThat(grant).extracting(Grant::shown, Grant::granted, Grant::room).containsExactly(100L, 40L, 860L);
		assertThat(grant.age()).isNotNegative();
	}

	/** Of 100 units of a limit of 1,000, some are shown. */
	private static Window window(long shown, long unshown) {
		return new Window("metric|DAY|0", 1, shown, 5, unshown, unshown, 100, 100, 0, 40, -1, 0, 1_000, 1_050);
	}

	private void comeOrGo(int member) {
		String id = this.members.get(member).id();
		byte[] key = this.members.get(member).keys().members().getBytes(StandardCharsets.UTF_8);
		RedisZSetCommands redis = this.connections.getConnection().zSetCommands();
		if (this.simulated.remove(id)) {
			redis.zRem(key, id.getBytes(StandardCharsets.UTF_8));
		}
		else {
			this.simulated.join(id);
			redis.zAdd(key, 1, id.getBytes(StandardCharsets.UTF_8));
		}
	}

	/** Ages differ by what the network takes. */
	private static String reply(Claims claims, Request request) {
		return reply(() -> claims.claim(request).block());
	}

	private static String reply(Supplier<Reply> claims) {
		try {
			Reply reply = claims.get();
			List<String> grants = new ArrayList<>();
			for (Grant grant : reply.windows()) {
				grants.add(grant.shown() + " " + ((grant.age() != Claims.NEVER) ? "asked" : "never") + " "
						+ grant.granted() + " " + grant.room());
			}
			return reply.outcome() + grants.toString();
		}
		catch (RuntimeException ex) {
			assertThat(ex).hasStackTraceContaining("NOMEMBER");
			return "NOMEMBER";
		}
	}

	private Request request(Random random, int member) {
		List<Window> windows = new ArrayList<>();
		int count = (random.nextInt(50) == 0) ? 0 : 1 + random.nextInt(3);
		for (int i = 0; i < count; i++) {
			windows.add(window(random, i));
		}
		long sequence = this.sequences[member] + ((random.nextInt(10) == 0) ? -random.nextInt(3) : 1);
		this.sequences[member] = Math.max(this.sequences[member], sequence);
		return new Request(APPLICATIONS.get(random.nextInt(2)), sequence, windows);
	}

	private Window window(Random random, int name) {
		long max = 1_000 * (name + 1);
		long sure = random.nextInt(100);
		long possible = sure + random.nextInt(50);
		long shown = random.nextInt((int) max);
		long age = (random.nextInt(5) == 0) ? Claims.NEVER
				: System.currentTimeMillis() - this.start - this.askedAt.remove(this.askedAt.size() - 1);
		return new Window("metric|DAY|" + name, random.nextInt(3), shown, age, sure, possible,
				sure + random.nextInt(500), possible + random.nextInt(500), random.nextInt(60), random.nextInt(80),
				random.nextInt(6) - 1, random.nextInt(6), max - max / 20, max + max / 20);
	}

}

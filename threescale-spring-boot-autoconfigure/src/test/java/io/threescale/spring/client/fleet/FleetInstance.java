package io.threescale.spring.client.fleet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.SteadyTime;
import io.threescale.spring.client.reporting.AmbiguousPolicy;
import io.threescale.spring.client.reporting.BatchingSettings;
import io.threescale.spring.client.reporting.BatchingThreeScaleClient;
import io.threescale.spring.client.reporting.CounterLimit;
import io.threescale.spring.fixture.LocalRedis;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.test.util.ReflectionTestUtils;

/**
 * An instance of an application that uses and reports. It may run in a process of its
 * own, and takes its commands from there.
 */
final class FleetInstance implements AutoCloseable {

	/** A user key that must not be seen in Redis. */
	static final String USER_KEY = "canary-5ecre7";

	static final String SECRET = "a secret of thirty-two characters or more";

	/** Reports when it is told to. */
	static final Setup FAST = Setup.ofMillis(100, 20, 60_000);

	private static final Duration KEY_LIFE = Duration.ofMillis(300);

	private static final int BURST = 10;

	private final ThreadPoolTaskScheduler tasks = new ThreadPoolTaskScheduler();

	private final LettuceConnectionFactory connections;

	private final BatchingThreeScaleClient client;

	private final Membership membership;

	/**
	 * How an instance is set up.
	 *
	 * @param heartbeat time between two heartbeats, in milliseconds
	 * @param spool time between two writes
	 * @param flush time between two reports
	 * @param onAmbiguous what becomes of usage that may have been counted
	 * @param secret the secret of the fleet
	 */
	record Setup(long heartbeat, long spool, long flush, AmbiguousPolicy onAmbiguous, String secret) {

		static Setup ofMillis(long heartbeat, long spool, long flush) {
			return new Setup(heartbeat, spool, flush, AmbiguousPolicy.DROP, SECRET);
		}

		/** Reads what is handed to a process. */
		static Setup parse(String text) {
			long[] millis = Arrays.stream(text.split(",")).mapToLong(Long::parseLong).toArray();
			return ofMillis(millis[0], millis[1], millis[2]);
		}

		Setup with(AmbiguousPolicy onAmbiguous) {
			return new Setup(this.heartbeat, this.spool, this.flush, onAmbiguous, this.secret);
		}

		Setup with(String secret) {
			return new Setup(this.heartbeat, this.spool, this.flush, this.onAmbiguous, secret);
		}

		@Override
		public String toString() {
			return this.heartbeat + "," + this.spool + "," + this.flush;
		}

	}

	private FleetInstance(LettuceConnectionFactory connections, URI backend, Setup setup) {
		this.connections = connections;
		this.tasks.setPoolSize(3);
		this.tasks.setDaemon(true);
		this.tasks.initialize();
		this.membership = new RedisFleet(connections, "test", setup.secret(), Duration.ofMillis(setup.heartbeat()))
			.join("1001", this.tasks, new SteadyTime(Clock.systemUTC(), System::nanoTime));
		BatchingSettings settings = new BatchingSettings(Duration.ofMillis(setup.flush()), 1_000, 100_000,
				setup.onAmbiguous(), Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofMinutes(10),
				Duration.ofSeconds(2), 100_000, Duration.ofMillis(setup.spool()));
		this.client = new BatchingThreeScaleClient(
				ReactiveThreeScaleClient.builder(ServiceCredentials.serviceToken("1001", "st1"))
					.baseUrl(backend)
					.buildReactive(),
				settings, new CounterLimit(100_000), this.membership.spool(), this.tasks, Clock.systemUTC(), List.of());
	}

	/**
	 * Start an instance that reports when it is told to.
	 */
	static FleetInstance start(LettuceConnectionFactory connections, URI backend) {
		return start(connections, backend, FAST);
	}

	static FleetInstance start(LettuceConnectionFactory connections, URI backend, Setup setup) {
		FleetInstance instance = new FleetInstance(connections, backend, setup);
		instance.client.start();
		return instance;
	}

	/**
	 * Prepare an instance in a process of its own, which does what it is told, one line
	 * for one thing.
	 */
	static ProcessBuilder process(LocalRedis redis, URI backend, Setup setup) {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp",
				System.getProperty("java.class.path"), FleetInstance.class.getName(), String.valueOf(redis.port()),
				backend.toString(), setup.toString());
	}

	public static void main(String[] args) throws Exception {
		LettuceConnectionFactory connections = new LettuceConnectionFactory(
				new RedisStandaloneConfiguration("127.0.0.1", Integer.parseInt(args[0])));
		connections.afterPropertiesSet();
		connections.start();
		FleetInstance instance = start(connections, URI.create(args[1]), Setup.parse(args[2]));
		BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
		for (String command = commands.readLine(); command != null
				&& !command.equals("stop"); command = commands.readLine()) {
			if (command.equals("flush")) {
				instance.flush();
			}
			else if (command.startsWith("load ")) {
				instance.load(Path.of(command.substring(5)), commands);
			}
			else {
				instance.use(Integer.parseInt(command), USER_KEY);
			}
			System.out.println("done " + command);
		}
		instance.close();
	}

	/**
	 * Use as much as it can, each application for a moment, until there is a command to
	 * end. What is used stands in a file.
	 */
	private void load(Path file, BufferedReader commands) throws IOException {
		FleetLedger ledger = new FleetLedger(file);
		long begin = System.nanoTime();
		while (!commands.ready()) {
			int application = (int) ((System.nanoTime() - begin) / KEY_LIFE.toNanos());
			for (int call = 0; call < BURST; call++) {
				ledger.taken(application);
				use(1, ledger.userKey(application));
			}
			ledger.ambiguous(ambiguous());
			LockSupport.parkNanos(5_000_000);
		}
		leave();
		ledger.ambiguous(ambiguous());
	}

	/**
	 * Use units that are one entry, whatever the minute is in between.
	 */
	void use(int calls) {
		use(calls, USER_KEY);
	}

	private void use(int calls, String userKey) {
		Instant now = Instant.now();
		for (int i = 0; i < calls; i++) {
			use(userKey, now);
		}
	}

	/**
	 * Use a unit in each of some minutes, so that there are as many entries.
	 */
	void useIn(int minutes) {
		Instant now = Instant.now();
		for (int i = 0; i < minutes; i++) {
			use(USER_KEY, now.minus(Duration.ofMinutes(i)));
		}
	}

	private void use(String userKey, Instant time) {
		this.client.report(Transaction.of(ApplicationCredentials.userKey(userKey), Usage.HIT).at(time)).block();
	}

	long pending() {
		return this.client.statistics().pendingUnits();
	}

	long ambiguous() {
		return this.client.statistics().ambiguousUnits();
	}

	FleetInstance flush() {
		this.client.flush().block();
		return this;
	}

	void beginToFlush() {
		this.client.flush().subscribe();
	}

	boolean isConnected() {
		return ((FleetMembers) ReflectionTestUtils.getField(this.membership.spool(), "members")).isConnected();
	}

	/**
	 * Stop in order, without time to report.
	 */
	void leave() {
		this.client.stop(Duration.ZERO);
		close();
	}

	/**
	 * End without another word.
	 */
	void kill() {
		this.tasks.getScheduledThreadPoolExecutor().shutdownNow();
		this.connections.destroy();
	}

	@Override
	public void close() {
		this.client.close();
		this.tasks.shutdown();
		this.connections.destroy();
	}

}

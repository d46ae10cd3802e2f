package io.threescale.spring.client.fleet;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.reporting.AmbiguousPolicy;
import io.threescale.spring.client.reporting.BatchingSettings;
import io.threescale.spring.client.reporting.BatchingThreeScaleClient;
import io.threescale.spring.client.reporting.CounterLimit;
import io.threescale.spring.client.reporting.SteadyTime;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * An instance of an application that uses and reports. It may run in a process of its
 * own, and takes its commands from there.
 */
final class FleetInstance implements AutoCloseable {

	/** A user key that must not be seen in Redis. */
	static final String USER_KEY = "canary-5ecre7";

	static final String SECRET = "a secret of thirty-two characters or more";

	static final Duration HEARTBEAT = Duration.ofMillis(100);

	private final ThreadPoolTaskScheduler tasks = new ThreadPoolTaskScheduler();

	private final LettuceConnectionFactory connections;

	private final BatchingThreeScaleClient client;

	final Membership membership;

	private FleetInstance(LettuceConnectionFactory connections, URI backend, Duration flushInterval) {
		this.connections = connections;
		this.tasks.setPoolSize(3);
		this.tasks.setDaemon(true);
		this.tasks.initialize();
		this.membership = new RedisFleet(connections, "test", SECRET, HEARTBEAT).join("1001", this.tasks,
				new SteadyTime(Clock.systemUTC(), System::nanoTime));
		BatchingSettings settings = new BatchingSettings(flushInterval, 500, 100_000, AmbiguousPolicy.DROP,
				Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofSeconds(2), 100_000,
				Duration.ofMillis(20));
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
		return start(connections, backend, Duration.ofMinutes(1));
	}

	static FleetInstance start(LettuceConnectionFactory connections, URI backend, Duration flushInterval) {
		FleetInstance instance = new FleetInstance(connections, backend, flushInterval);
		instance.client.start();
		return instance;
	}

	public static void main(String[] args) throws Exception {
		LettuceConnectionFactory connections = new LettuceConnectionFactory(
				new RedisStandaloneConfiguration("127.0.0.1", Integer.parseInt(args[0])));
		connections.afterPropertiesSet();
		connections.start();
		try (FleetInstance instance = start(connections, URI.create(args[1]))) {
			BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
			System.out.println("started");
			for (String command = commands.readLine(); command != null; command = commands.readLine()) {
				if (command.equals("flush")) {
					instance.flush();
				}
				else {
					instance.use(Integer.parseInt(command));
				}
				System.out.println("done " + command);
			}
		}
	}

	void use(int calls) {
		for (int i = 0; i < calls; i++) {
			this.client.report(Transaction.of(ApplicationCredentials.userKey(USER_KEY), Usage.HIT)).block();
		}
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

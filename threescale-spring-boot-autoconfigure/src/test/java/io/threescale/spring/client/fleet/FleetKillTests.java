package io.threescale.spring.client.fleet;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

import io.threescale.spring.client.fleet.FleetInstance.Setup;
import io.threescale.spring.fixture.CountingBackend;
import io.threescale.spring.fixture.LocalRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Kills processes of a fleet under load, while Redis comes and goes. Each unit that was
 * used is counted once, or is ambiguous, or was lost as the documents tell.
 */
class FleetKillTests {

	/** A write, and a scheduler that has to wait for a core. */
	private static final Duration SLACK = Duration.ofMillis(500);

	@TempDir
	private Path directory;

	private LocalRedis redis;

	private CountingBackend backend;

	private final List<Run> runs = new ArrayList<>();

	private Setup setup;

	/** What may be lost, in time of one instance under load. */
	private Duration loss = Duration.ZERO;

	@BeforeEach
	void start() throws IOException {
		this.redis = LocalRedis.start(this.directory, "appendonly yes", "appendfsync always");
		this.backend = new CountingBackend();
	}

	@AfterEach
	void stop() {
		this.runs.forEach((run) -> run.process().destroyForcibly());
		this.redis.close();
		this.backend.close();
	}

	/**
	 * A process that is or was under load, and for how long.
	 */
	private record Run(Process process, FleetLedger ledger, AtomicLong nanos) {

		boolean hasBegun() {
			boolean begun = this.ledger.taken() > 0;
			if (begun) {
				this.nanos.compareAndSet(0, -System.nanoTime());
			}
			return begun;
		}

		void kill() throws InterruptedException {
			this.nanos.addAndGet(System.nanoTime());
			this.process.destroyForcibly().waitFor();
		}

		void leave() throws Exception {
			this.nanos.addAndGet(System.nanoTime());
			this.process.outputWriter().append("stop\n").close();
			this.process.waitFor();
		}

	}

	@Test
	void aFleetSurvivesKills() throws Exception {
		this.setup = Setup.ofMillis(100, 20, 200);
		List<Run> alive = launch(2);
		Random random = new Random(20261126L);
		kill(alive, random, Duration.ofMillis(300));
		kill(alive, random, Duration.ofMillis(300));
		assertAllIsAccountedFor(alive);
	}

	@Test
	@Tag("soak")
	void aFleetSurvivesKillsAndOutagesOfRedis() throws Exception {
		this.setup = Setup.ofMillis(2000, 100, 1000);
		List<Run> alive = new ArrayList<>();
		Random random = new Random(Integer.getInteger("seed", 4711));
		Duration pause = Duration.ofSeconds(3);
		for (int kill = 0; kill < 20; kill++) {
			alive.addAll(launch(3 - alive.size()));
			if (kill == 7) {
				this.redis.freeze();
				killWithoutRedis(alive, random);
				this.redis.thaw();
			}
			else if (kill == 14) {
				this.redis.stop();
				killWithoutRedis(alive, random);
				this.redis.resume();
			}
			else {
				kill(alive, random, pause);
			}
		}
		assertAllIsAccountedFor(alive);
	}

	/** What is used meanwhile is reported from memory, and is lost with it. */
	private void killWithoutRedis(List<Run> alive, Random random) throws Exception {
		Duration half = Duration.ofSeconds(5);
		Thread.sleep(half.toMillis());
		kill(alive, random, Duration.ZERO);
		alive.addAll(launch(1));
		this.loss = this.loss.plusMillis(this.setup.flush()).plusSeconds(1);
		Thread.sleep(half.toMillis());
	}

	private void kill(List<Run> alive, Random random, Duration pause) throws Exception {
		Thread.sleep(pause.toMillis() + random.nextInt(1 + (int) pause.toMillis()));
		Run victim = alive.remove(random.nextInt(alive.size()));
		assertThat(victim.process().isAlive()).isTrue();
		victim.kill();
		System.out.printf("%tT %s is killed%n", System.currentTimeMillis(), victim.ledger());
		this.loss = this.loss.plusMillis(this.setup.spool()).plus(SLACK);
	}

	private List<Run> launch(int count) throws IOException {
		List<Run> launched = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Path file = this.directory.resolve("run" + (this.runs.size() + i));
			Process process = FleetInstance.process(this.redis, uri(), this.setup)
				.redirectErrorStream(true)
				.redirectOutput(this.directory.resolve(file.getFileName() + ".log").toFile())
				.start();
			launched.add(new Run(process, new FleetLedger(file), new AtomicLong()));
			process.outputWriter().append("load " + file + "\n").flush();
		}
		await().atMost(Duration.ofMinutes(1)).until(() -> launched.stream().allMatch(Run::hasBegun));
		this.runs.addAll(launched);
		return launched;
	}

	private URI uri() {
		return URI.create("http://127.0.0.1:" + this.backend.port());
	}

	private void assertAllIsAccountedFor(List<Run> alive) throws Exception {
		for (Run run : alive) {
			run.leave();
		}
		long ambiguous = inherit() + this.runs.stream().mapToLong((run) -> run.ledger().ambiguous()).sum();
		long taken = this.runs.stream().mapToLong((run) -> run.ledger().taken()).sum();
		Map<String, Long> uncounted = new TreeMap<>();
		this.runs.forEach((run) -> uncounted.putAll(run.ledger().uncounted(this.backend)));
		long missing = uncounted.values().stream().mapToLong(Long::longValue).sum();
		double rate = 1e9 * taken / this.runs.stream().mapToLong((run) -> run.nanos().get()).sum();
		long loss = (long) (rate * this.loss.toMillis() / 1e3);
		System.out.printf(
				"%d processes used %d units, %.0f/s each; counted %d in %d requests, missing %d: ambiguous %d, "
						+ "may be lost %d%nUncounted: %s%n",
				this.runs.size(), taken, rate, this.backend.units(), this.backend.requests(), missing, ambiguous, loss,
				uncounted);
		assertThat(uncounted.values()).as("counted twice").noneMatch((units) -> units < 0);
		assertThat(this.backend.units()).isEqualTo(taken - missing);
		assertThat(missing).isLessThanOrEqualTo(ambiguous + loss);
	}

	/**
	 * Have what all have left reported, and return how much of it was ambiguous.
	 */
	private long inherit() {
		LettuceConnectionFactory connections = this.redis.connect();
		StringRedisTemplate template = new StringRedisTemplate(connections);
		try (FleetInstance heir = FleetInstance.start(this.redis.connect(), uri(), this.setup)) {
			await().atMost(Duration.ofMinutes(1))
				.until(() -> template.opsForZSet().size("test:v1:{1001}:members") == 1 && heir.pending() == 0);
			return heir.ambiguous();
		}
		finally {
			connections.destroy();
		}
	}

}

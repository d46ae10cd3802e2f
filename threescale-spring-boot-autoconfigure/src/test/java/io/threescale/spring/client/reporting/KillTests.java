package io.threescale.spring.client.reporting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.threescale.spring.client.reporting.KillCounters.Counter;
import io.threescale.spring.client.reporting.spool.MvStoreUsageSpool;
import io.threescale.spring.fixture.CountingBackend;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Kills a process that takes calls, again and again, and compares what 3scale has counted
 * with what the callers were told.
 */
class KillTests {

	/**
	 * A spool interval of 100 ms, a write, and a scheduler that has to wait for a core.
	 */
	private static final Duration LOSS_WINDOW = Duration.ofMillis(100);

	private static final Duration SLACK = Duration.ofMillis(150);

	@TempDir
	private Path directory;

	@Test
	void usageSurvivesTwoKills() throws Exception {
		kill(2, 20261123L, LOSS_WINDOW);
	}

	/** What is used while the disk is full goes on from memory, and is lost with it. */
	@Test
	void withADiskThatIsFullNowAndThenNoMoreIsLostThanWasUsedMeanwhile() throws Exception {
		kill(2, 20261126L, LOSS_WINDOW.plus(KillChild.FULL_FOR), "-Dfull.disk=true");
	}

	@Test
	@Tag("soak")
	void usageSurvivesFiftyKills() throws Exception {
		kill(50, 4711L, LOSS_WINDOW);
	}

	@Test
	void aSecondProcessIsRefusedTheSpool() throws Exception {
		try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(this.directory.resolve("spool"))) {
			assertThat(spool.isDurable()).isTrue();
			assertThat(launch(1, List.of(), "deliver").waitFor()).isNotZero();
			assertThat(this.directory.resolve("log")).content().contains("is used by another process");
		}
	}

	private void kill(int kills, long seed, Duration lossWindow, String... options) throws Exception {
		Random random = new Random(seed);
		KillCounters counters = new KillCounters(this.directory.resolve("counters"));
		KillLosses losses = new KillLosses(counters);
		try (CountingBackend backend = new CountingBackend()) {
			for (int i = 0; i < kills; i++) {
				Process child = launch(backend.port(), List.of(options));
				await(child, counters, i + 1);
				losses.restarted(backend.units());
				child.waitFor(random.nextInt(50, 1000), TimeUnit.MILLISECONDS);
				assertThat(child.isAlive()).isTrue();
				child.destroyForcibly().waitFor();
				losses.killed();
			}
			assertThat(launch(backend.port(), List.of(), "deliver").waitFor()).isZero();
			System.out.println(kills + " kills: " + losses.summary(backend.units(), backend.requests()));
			assertThat(backend.units()).isLessThanOrEqualTo(counters.get(Counter.STARTED));
			assertThat(losses.missing(backend.units())).isLessThanOrEqualTo(
					losses.unitsOf(lossWindow.plus(SLACK).multipliedBy(kills)) + counters.get(Counter.AMBIGUOUS));
		}
	}

	private static void await(Process child, KillCounters counters, int runs) {
		while (counters.get(Counter.RUNNING) < runs) {
			assertThat(child.isAlive()).isTrue();
			LockSupport.parkNanos(5_000_000);
		}
	}

	private Process launch(int port, List<String> options, String... more) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
						"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
						KillChild.class.getName(), Integer.toString(port),
						Files.createDirectories(this.directory.resolve("spool")).toString(),
						this.directory.resolve("counters").toString()));
		command.addAll(1, options);
		command.addAll(List.of(more));
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(this.directory.resolve("log").toFile()))
			.start();
	}

}

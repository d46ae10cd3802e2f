package io.threescale.spring.soak;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/**
 * Calls two applications for a long time, while 3scale fails, hangs and recovers by
 * schedule. Then nothing has leaked, and 3scale has counted what callers were granted,
 * but for what is known to be ambiguous. Run it with {@code -Dgroups=soak
 * -DexcludedGroups= -Dtest=SoakTests -Dminutes=30}.
 */
@Tag("soak")
class SoakTests {

	private static final Duration TIME = Duration.ofMinutes(Integer.getInteger("minutes", 30));

	private static final int CALLERS = Integer.getInteger("callers", 4);

	private static final Duration PAUSE = Duration.ofMillis(Integer.getInteger("pause", 20));

	private static final Duration GOOD = Duration.ofSeconds(15);

	private static final Duration BAD = Duration.ofSeconds(8);

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final List<String> FAULTS = List.of("storage-down", "slow", "hang-up-after", "proxy-503",
			"hang-up-before", "proxy-504", "throttled");

	private static final List<String> CALLS = List.of("/metered", "/limited", SoakedApplication.FREE,
			"/success?status=200", "/success?status=500", "/async");

	@TempDir
	private Path spool;

	private volatile boolean over;

	@Test
	void holdsOutAndCountsWhatIsAnswered() throws Exception {
		try (BackendProcess backend = BackendProcess.start();
				SoakedApplication strict = SoakedApplication.start(backend, "strict", this.spool);
				SoakedApplication predictive = SoakedApplication.start(backend, "predictive", this.spool,
						"threescale.failure-policy=last-known")) {
			List<SoakedApplication> applications = List.of(strict, predictive);
			List<Footprint> footprints = soak(backend, applications);
			for (SoakedApplication application : applications) {
				assertCounted(application, backend);
			}
			Footprint.assertSteady(footprints);
		}
	}

	private List<Footprint> soak(BackendProcess backend, List<SoakedApplication> applications) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
		List<Future<?>> callers = new ArrayList<>();
		for (int i = 0; i < CALLERS; i++) {
			Random random = new Random(i);
			callers.add(threads.submit(() -> call(applications, random)));
		}
		List<Footprint> footprints = new ArrayList<>();
		Instant end = Instant.now().plus(TIME);
		for (int round = 0; Instant.now().isBefore(end); round++) {
			Thread.sleep(GOOD.toMillis());
			footprints.add(Footprint.take());
			System.out.printf("%tT %s%n", System.currentTimeMillis(), footprints.get(round));
			applications.forEach((application) -> System.out.println("  " + application));
			String fault = FAULTS.get(round % FAULTS.size());
			System.out.println("  3scale fails: " + fault);
			backend.fail(fault);
			Thread.sleep(BAD.toMillis());
			backend.recover();
		}
		this.over = true;
		for (Future<?> caller : callers) {
			caller.get();
		}
		threads.shutdown();
		return footprints;
	}

	private void call(List<SoakedApplication> applications, Random random) {
		while (!this.over) {
			SoakedApplication application = applications.get(random.nextInt(applications.size()));
			application.call(CALLS.get(random.nextInt(CALLS.size())),
					BackendProcess.KEYS.get(random.nextInt(BackendProcess.KEYS.size())));
			LockSupport.parkNanos(PAUSE.toNanos());
		}
	}

	/**
	 * What is ambiguous was granted and perhaps not counted, or counted and not granted.
	 */
	private static void assertCounted(SoakedApplication application, BackendProcess backend) throws Exception {
		await().atMost(PATIENCE).until(() -> application.pending() == 0);
		long counted = backend.counted(application.mode());
		System.out.println(application + ", counted " + counted);
		assertThat(application.granted()).isPositive();
		assertThat(counted).isCloseTo(application.granted(), within(application.ambiguous()));
		assertThat(application.reporting("dead.letters", "rejected")).isZero();
		assertThat(application.reporting("units", "lost")).isZero();
	}

}

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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Calls two applications for a long time, while 3scale fails, hangs and recovers by
 * schedule. Then nothing has leaked, and 3scale has counted what callers were granted,
 * but for calls whose answer was lost, which 3scale and the client know both. In the
 * minute after the last fault it has counted exactly that. Run it with {@code
 * -Dgroups=soak -DexcludedGroups= -Dtest=SoakTests -Dminutes=30}.
 */
@Tag("soak")
class SoakTests {

	private static final Duration TIME = Duration.ofMinutes(Integer.getInteger("minutes", 30));

	private static final int CALLERS = Integer.getInteger("callers", 4);

	private static final Duration PAUSE = Duration.ofMillis(Integer.getInteger("pause", 20));

	private static final Duration GOOD = Duration.ofSeconds(15);

	private static final Duration BAD = Duration.ofSeconds(8);

	private static final Duration QUIET = Duration.ofMinutes(1);

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final List<String> FAULTS = List.of("storage-down", "slow", "hang-up-after", "proxy-503",
			"hang-up-before", "proxy-504", "throttled");

	private static final List<String> CALLS = List.of("/metered", "/limited", SoakedApplication.FREE,
			"/success?status=200", "/success?status=500", "/async");

	@TempDir
	private Path spool;

	@Test
	void holdsOutAndCountsWhatIsAnswered() throws Exception {
		try (BackendProcess backend = BackendProcess.start();
				SoakedApplication strict = SoakedApplication.start(backend, "strict", this.spool);
				SoakedApplication predictive = SoakedApplication.start(backend, "predictive", this.spool,
						"threescale.failure-policy=last-known")) {
			List<SoakedApplication> applications = List.of(strict, predictive);
			List<Footprint> footprints = new ArrayList<>();
			whileCalled(applications, () -> fail(backend, applications, footprints));
			List<Balance> failed = balances(applications, backend);
			assertThat(failed).allSatisfy(Balance::assertCountedWhatWasGranted);
			whileCalled(applications, () -> Thread.sleep(QUIET.toMillis()));
			assertThat(balances(applications, backend)).zipSatisfy(failed, Balance::assertCountedExactlySince);
			Footprint.assertSteady(footprints);
		}
	}

	private static void fail(BackendProcess backend, List<SoakedApplication> applications, List<Footprint> footprints)
			throws Exception {
		Instant end = Instant.now().plus(TIME);
		for (int round = 0; Instant.now().isBefore(end); round++) {
			Thread.sleep(GOOD.toMillis());
			footprints.add(Footprint.take());
			System.out.printf("%tT %s%n", System.currentTimeMillis(), footprints.get(round));
			applications.forEach((application) -> System.out.println("  " + application));
			String fault = FAULTS.get(round % FAULTS.size());
			System.out.println("  3scale fails: " + fault);
			backend.fail(fault, BAD);
		}
	}

	private static void whileCalled(List<SoakedApplication> applications, ThrowingRunnable work) throws Exception {
		AtomicBoolean over = new AtomicBoolean();
		ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
		List<Future<?>> callers = new ArrayList<>();
		for (int i = 0; i < CALLERS; i++) {
			Random random = new Random(i);
			callers.add(threads.submit(() -> call(applications, random, over)));
		}
		work.run();
		over.set(true);
		for (Future<?> caller : callers) {
			caller.get();
		}
		threads.shutdown();
	}

	private static void call(List<SoakedApplication> applications, Random random, AtomicBoolean over) {
		while (!over.get()) {
			SoakedApplication application = applications.get(random.nextInt(applications.size()));
			application.call(CALLS.get(random.nextInt(CALLS.size())),
					BackendProcess.KEYS.get(random.nextInt(BackendProcess.KEYS.size())));
			LockSupport.parkNanos(PAUSE.toNanos());
		}
	}

	private static List<Balance> balances(List<SoakedApplication> applications, BackendProcess backend)
			throws Exception {
		List<Balance> balances = new ArrayList<>();
		for (SoakedApplication application : applications) {
			await().atMost(PATIENCE).until(() -> application.pending() == 0);
			balances.add(Balance.of(application, backend));
			System.out.println(application + "; " + balances.get(balances.size() - 1));
			assertThat(application.reporting("dead.letters", "rejected")).isZero();
			assertThat(application.reporting("units", "lost")).isZero();
		}
		return balances;
	}

	/** What may take long. */
	private interface ThrowingRunnable {

		void run() throws Exception;

	}

}

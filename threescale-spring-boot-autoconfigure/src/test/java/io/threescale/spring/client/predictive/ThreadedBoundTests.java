package io.threescale.spring.client.predictive;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.LimitHeaders;
import io.threescale.spring.MetricHierarchy;
import io.threescale.spring.Period;
import io.threescale.spring.Usage;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.reporting.BatchingSettings;
import io.threescale.spring.client.reporting.BatchingThreeScaleClient;
import io.threescale.spring.client.reporting.TestReporting;
import io.threescale.spring.client.reporting.spool.UsageSpool;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the bound of one instance with threads that really call at the same time, against
 * a 3scale that counts what it accepts a while later.
 */
class ThreadedBoundTests {

	private static final int THREADS = 8;

	private static final long LIMIT = 5_000;

	private static final double GUARD = 0.02;

	private static final Duration LAG = Duration.ofMillis(50);

	private final AtomicLong accepted = new AtomicLong();

	private final AtomicLong shown = new AtomicLong();

	@Test
	void shouldKeepTheBoundWithRealThreads() throws Exception {
		ThreadPoolTaskScheduler tasks = new ThreadPoolTaskScheduler();
		tasks.setPoolSize(2);
		tasks.setDaemon(true);
		tasks.initialize();
		BatchingSettings defaults = BatchingSettings.defaults();
		BatchingSettings settings = new BatchingSettings(Duration.ofMillis(30), defaults.batchSize(),
				defaults.flushUnits(), defaults.onAmbiguous(), defaults.initialBackoff(), defaults.maxBackoff(),
				defaults.knownFor(), Duration.ofMillis(200), 100, defaults.spoolInterval());
		BatchingThreeScaleClient reporting = TestReporting.client(new LaggingBackend(), settings, UsageSpool.none(),
				tasks, Clock.systemUTC(), System::nanoTime, new Random(1));
		reporting.start();
		PredictingThreeScaleClient client = new PredictingThreeScaleClient(reporting,
				new PredictionSettings(Duration.ofMinutes(1), Duration.ofMillis(200), Duration.ofSeconds(10),
						Duration.ZERO, GUARD, 0.25, 100),
				null, Changes.none(), Clock.systemUTC(), Schedulers.parallel());
		long granted = callFromAllThreads(client);
		client.close();
		tasks.shutdown();
		assertThat(this.accepted.get()).isEqualTo(granted);
		assertThat(granted).isBetween((long) (LIMIT * (1 - GUARD)), (long) (LIMIT * (1 + GUARD)));
	}

	private static long callFromAllThreads(PredictingThreeScaleClient client) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		List<Future<Long>> callers = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			callers.add(threads.submit(() -> call(client)));
		}
		long granted = 0;
		for (Future<Long> caller : callers) {
			granted += caller.get();
		}
		threads.shutdown();
		return granted;
	}

	private static long call(PredictingThreeScaleClient client) {
		long granted = 0;
		for (int i = 0; i < 2 * LIMIT / THREADS; i++) {
			long units = 1 + ThreadLocalRandom.current().nextInt(3);
			Authorization answer = client
				.authRep(ApplicationCredentials.appId("app", "key" + i % 2), Usage.of("hits", units))
				.block();
			granted += (answer != null && answer.isGranted()) ? units : 0;
		}
		return granted;
	}

	private final class LaggingBackend implements ReactiveThreeScaleClient {

		@Override
		public Mono<Authorization> authorize(AuthorizationRequest request) {
			return Mono.fromSupplier(() -> decide(request, false));
		}

		@Override
		public Mono<Authorization> authRep(AuthorizationRequest request) {
			return Mono.fromSupplier(() -> decide(request, true));
		}

		private Authorization decide(AuthorizationRequest request, boolean counts) {
			long used = request.usage().increments().getOrDefault("hits", 0L);
			long before = ThreadedBoundTests.this.shown.get();
			boolean fits = before + used <= LIMIT;
			long now = before + ((fits && counts) ? used : 0);
			if (fits && counts) {
				count(used);
			}
			ApplicationStatus status = new ApplicationStatus("plan",
					List.of(new UsageReport("hits", Period.DAY, Period.DAY.windowAt(Instant.now()), LIMIT, now, false)),
					new LimitHeaders((used > 0) ? (LIMIT - now) / used : 0, 60, LIMIT), MetricHierarchy.UNKNOWN,
					List.of(), null);
			return fits ? new Authorization.Granted(status)
					: new Authorization.Denied(ErrorCode.LIMITS_EXCEEDED, null, status);
		}

		@Override
		public Mono<Void> report(ReportRequest request) {
			return Mono.fromRunnable(() -> request.transactions()
				.forEach((transaction) -> count(transaction.usage().increments().get("hits"))));
		}

		private void count(long units) {
			ThreadedBoundTests.this.accepted.addAndGet(units);
			Mono.delay(LAG).subscribe((later) -> ThreadedBoundTests.this.shown.addAndGet(units));
		}

		@Override
		public void close() {
		}

	}

}

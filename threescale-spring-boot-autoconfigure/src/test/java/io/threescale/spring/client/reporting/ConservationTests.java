package io.threescale.spring.client.reporting;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.PartialReportException;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.reporting.spool.MvStoreUsageSpool;
import io.threescale.spring.client.reporting.spool.SpooledUsage;
import io.threescale.spring.client.reporting.spool.UsageSpool;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever happens at the same time, and whatever 3scale answers: usage that was taken is
 * delivered, ambiguous, lost, a dead letter or left to the next process, and one of them
 * only.
 */
class ConservationTests {

	private static final int CALLERS = 3;

	private static final int CALLS = 20_000;

	private static final long OUTAGE = Duration.ofMillis(30).toNanos();

	@TempDir
	private Path directory;

	private final ScriptedClient backend = new ScriptedClient();

	private final LongAdder dead = new LongAdder();

	private final LongAdder partial = new LongAdder();

	private final LongAdder sentAfterwards = new LongAdder();

	private volatile boolean outages;

	private volatile boolean stopped;

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 })
	void whatIsTakenIsAccountedForOnce(long seed) throws Exception {
		Random random = new Random(seed);
		boolean durable = random.nextBoolean();
		int failing = random.nextInt(70);
		this.outages = random.nextBoolean();
		this.backend.reports((request) -> answer(request, failing));
		this.backend.answers((request) -> {
			if (isAway()) {
				throw Failures.ambiguous();
			}
			return new Authorization.Granted(ApplicationStatus.UNKNOWN);
		});
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.setPoolSize(2);
		scheduler.initialize();
		BatchingSettings settings = new BatchingSettings(Duration.ofMillis(5 + random.nextInt(40)),
				1 + random.nextInt(20), 50 + random.nextInt(500), AmbiguousPolicy.DROP, Duration.ofMillis(1),
				Duration.ofMillis(20), Duration.ofMinutes(1), Duration.ofMillis(10), 100, Duration.ofMillis(5));
		CounterLimit limit = new CounterLimit(random.nextBoolean() ? 5 : 100_000);
		BatchingThreeScaleClient client = new BatchingThreeScaleClient(this.backend, settings, limit,
				durable ? MvStoreUsageSpool.open(this.directory) : UsageSpool.none(), scheduler, Clock.systemUTC(),
				List.of((letter) -> this.dead.add(units(letter.transaction()))));
		client.start();
		long taken = run(client);
		client.stop(Duration.ofMillis(500));
		this.stopped = true;
		scheduler.shutdown();
		BatchingStatistics statistics = client.statistics();
		assertThat(statistics.deliveredUnits() + statistics.ambiguousUnits() + statistics.lostUnits() + this.dead.sum()
				+ (durable ? left() : 0))
			.isEqualTo(taken);
		assertThat(statistics.deliveredUnits()).isEqualTo(counted());
		assertThat(statistics.pendingUnits()).isZero();
		assertThat(statistics.pendingCounters()).isZero();
		assertThat(this.sentAfterwards.sum()).isZero();
	}

	private Mono<Void> answer(ReportRequest request, int failing) {
		return Mono.delay(Duration.ofMillis(ThreadLocalRandom.current().nextInt(10)), Schedulers.parallel())
			.then(Mono.defer(() -> {
				this.sentAfterwards.add(this.stopped ? 1 : 0);
				RandomGenerator random = ThreadLocalRandom.current();
				if (isAway()) {
					return Mono.error(random.nextBoolean() ? Failures.unsent() : Failures.ambiguous());
				}
				return (random.nextInt(100) < failing) ? Mono.error(failure(request, random)) : Mono.empty();
			}));
	}

	/**
	 * A third of the time a proxy answers in the place of 3scale: with 503, or with 500,
	 * 502 or 504, after which nobody knows.
	 */
	private boolean isAway() {
		return this.outages && System.nanoTime() / OUTAGE % 3 == 0;
	}

	private RuntimeException failure(ReportRequest request, RandomGenerator random) {
		List<Transaction> transactions = request.transactions();
		return switch (random.nextInt(6)) {
			case 0 -> Failures.unsent();
			case 1 -> Failures.ambiguous();
			case 2 -> Failures.misconfigured(null);
			case 3 -> Failures.misconfigured(ErrorCode.NOT_VALID_DATA);
			case 4 -> Failures.misconfigured(ErrorCode.SERVICE_TOKEN_INVALID);
			default -> {
				int accepted = random.nextInt(transactions.size());
				transactions.subList(0, accepted).forEach((transaction) -> this.partial.add(units(transaction)));
				yield new PartialReportException(accepted, transactions.subList(accepted, transactions.size()),
						Failures.unsent());
			}
		};
	}

	/**
	 * Call, settle and flush, all at the same time.
	 * @return the units that were taken
	 */
	private long run(BatchingThreeScaleClient client) throws Exception {
		ExecutorService threads = Executors.newCachedThreadPool();
		List<Future<Long>> callers = new ArrayList<>();
		for (int i = 0; i < CALLERS; i++) {
			callers.add(threads.submit((Callable<Long>) () -> call(client)));
		}
		while (!callers.stream().allMatch(Future::isDone)) {
			client.deliver(application()).onErrorComplete().block();
			client.flush().block();
		}
		threads.shutdown();
		long taken = 0;
		for (Future<Long> caller : callers) {
			taken += caller.get();
		}
		return taken;
	}

	private static long call(BatchingThreeScaleClient client) {
		long taken = 0;
		for (int i = 0; i < CALLS; i++) {
			Usage usage = (i % 3 == 0) ? Usage.of("hits", 2).and("search", 1) : Usage.HIT;
			Transaction transaction = new Transaction(application(), usage, null, (i % 4 == 0) ? 200 : null);
			taken += client.book()
				.add(transaction.application(), usage, Instant.now(), transaction.responseCode(), false)
						? units(transaction) : 0;
		}
		return taken;
	}

	private static ApplicationCredentials application() {
		return ApplicationCredentials.userKey("app" + ThreadLocalRandom.current().nextInt(8));
	}

	private static long units(Transaction transaction) {
		return transaction.usage().increments().values().stream().mapToLong(Long::longValue).sum();
	}

	private long counted() {
		return this.backend.counted().values().stream().mapToLong(Long::longValue).sum() + this.partial.sum();
	}

	private long left() {
		try (MvStoreUsageSpool next = MvStoreUsageSpool.open(this.directory)) {
			return next.load().stream().mapToLong(SpooledUsage::units).sum();
		}
	}

}

package io.threescale.spring.client.reporting;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.reporting.spool.UsageSpool;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

class ConcurrencyTests {

	private static final int THREADS = 8;

	private static final int HITS = 8_000;

	private Fixture fixture = new Fixture().started();

	@Test
	void nothingIsLostOrCountedTwiceWhileAddsRaceFlushes() throws Exception {
		this.fixture.know("hot", "app0", "app1", "app2");
		race();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", (long) THREADS * HITS));
		assertThat(this.fixture.statistics().pendingCounters()).isZero();
		assertThat(this.fixture.statistics().pendingUnits()).isZero();
	}

	@Test
	void norWhileDeliveriesFailAndComeBack() throws Exception {
		AtomicInteger calls = new AtomicInteger();
		this.fixture.backend.reports((request) -> ((calls.incrementAndGet() % 3 == 0) ? Mono.<Void>empty()
				: Mono.<Void>error(Failures.unsent()))
			.subscribeOn(Schedulers.parallel()));
		this.fixture.know("hot", "app0", "app1", "app2");
		race();
		this.fixture.backend.acceptReports();
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", (long) THREADS * HITS));
		assertThat(this.fixture.statistics().pendingCounters()).isZero();
		assertThat(this.fixture.statistics().pendingUnits()).isZero();
	}

	@Test
	void norDoesATransactionComeApartWhileThereIsHardlyRoom() throws Exception {
		this.fixture = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP), 3, UsageSpool.none()).started();
		this.fixture.backend.reports((request) -> isBatched(request) ? Mono.empty() : Mono.error(Failures.unsent()));
		this.fixture.know("hot", "app0", "app1", "app2");
		AtomicLong failures = new AtomicLong();
		race((userKey) -> this.fixture.client
			.report(Transaction.of(ApplicationCredentials.userKey(userKey), Usage.of("hits").and("search", 1)))
			.onErrorResume((failure) -> Mono.fromRunnable(failures::incrementAndGet))
			.block());
		long taken = (long) THREADS * HITS - failures.get();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", taken, "search", taken));
		assertThat(failures).hasPositiveValue();
		assertThat(this.fixture.statistics().pendingCounters()).isZero();
	}

	/** It is half past a minute. */
	private boolean isBatched(ReportRequest request) {
		return !this.fixture.time.instant().equals(request.transactions().get(0).timestamp());
	}

	private void race() throws Exception {
		race(this.fixture::hit);
	}

	private void race(Consumer<String> hit) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(THREADS + 1);
		List<Future<?>> adders = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			adders.add(executor.submit(() -> add(hit)));
		}
		while (!adders.stream().allMatch(Future::isDone)) {
			this.fixture.client.deliver(ApplicationCredentials.userKey("hot")).subscribe();
			this.fixture.client.flush().block();
		}
		for (Future<?> adder : adders) {
			adder.get();
		}
		this.fixture.client.flush().block();
		executor.shutdown();
	}

	private void add(Consumer<String> hit) {
		for (int i = 0; i < HITS; i++) {
			hit.accept((i % 2 == 0) ? "hot" : "app" + ThreadLocalRandom.current().nextInt(3));
		}
	}

}

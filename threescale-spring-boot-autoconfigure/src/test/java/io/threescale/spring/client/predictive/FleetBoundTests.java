package io.threescale.spring.client.predictive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Period;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.predictive.SimulatedBackend.Counter;
import io.threescale.spring.client.reporting.MemorySpool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the bound of a fleet against a simulation: 1 to 50 instances with clocks of their
 * own, some of which have most of the calls and some of which are killed, and a Redis
 * that may be slow, away, without its data, or with another clock.
 */
class FleetBoundTests {

	private static final List<Period> PERIODS = List.of(Period.MINUTE, Period.HOUR, Period.DAY, Period.ETERNITY);

	private static final List<String> METRICS = List.of("hits", "search", "list");

	private static final Duration SKEW = Duration.ofSeconds(2);

	/** Instances that had left the application still had usage to report. */
	private static final long ONCE_TOO_MUCH = 808;

	/** More of them with {@code -Dsimulation.seeds=1000}. */
	static LongStream seeds() {
		long first = Long.getLong("simulation.first", 0);
		return LongStream.concat(LongStream.range(first, first + Long.getLong("simulation.seeds", 10)),
				LongStream.of(ONCE_TOO_MUCH));
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void shouldKeepTheBound(long seed) {
		new Fleet(new Random(seed), seed % 3 == 2, seed % 2 == 1).run();
	}

	private static final class Fleet {

		private final Random random;

		private final boolean failing;

		private final boolean stopping;

		private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

		private final SimulatedBackend backend;

		private final SimulatedRedis redis;

		private final PredictionSettings settings;

		private final double guard;

		private final List<Instance> instances = new ArrayList<>();

		private final List<String> names = new ArrayList<>();

		private int started;

		private int calls;

		private Fleet(Random random, boolean failing, boolean stopping) {
			this.random = random;
			this.failing = failing;
			this.stopping = stopping;
			this.time.advanceTimeBy(Duration.ofMillis(random.nextLong(100_000_000_000L)));
			this.backend = new SimulatedBackend(this.time);
			this.redis = new SimulatedRedis(this.time, random);
			this.backend.lag = Duration.ofMillis(random.nextInt(1_500));
			this.backend.latency = Duration.ofMillis(random.nextInt(40));
			this.backend.delay = () -> Duration.ofMillis((random.nextInt(20) == 0) ? random.nextInt(8_000) : 0);
			for (int i = random.nextInt(3); i >= 0; i--) {
				limit(METRICS.get(random.nextInt(METRICS.size())), PERIODS.get(random.nextInt(4)),
						10 + random.nextInt(random.nextBoolean() ? 100 : 20_000));
			}
			this.guard = 0.02 + 0.1 * random.nextDouble();
			this.settings = Instance.settings(this.guard, 0.25);
			int size = 1 + random.nextInt(random.nextBoolean() ? 6 : 50);
			for (int i = 0; i < size; i++) {
				start(new MemorySpool());
			}
		}

		/** 3scale has one limit for a metric and a period. */
		private void limit(String metric, Period period, long max) {
			if (this.backend.limits.stream()
				.noneMatch((other) -> other.metric().equals(metric) && other.period() == period)) {
				this.backend.limit(metric, period, max);
			}
		}

		private void start(MemorySpool spool) {
			String name = "member-" + this.started++;
			this.names.add(name);
			this.instances.add(new Instance(this.backend, this.time, this.settings, this.random.nextLong(), spool,
					SKEW.minus(Duration.ofMillis(this.random.nextLong(2 * SKEW.toMillis()))), this.redis.seenBy(name)));
		}

		private void run() {
			int rate = 1 + this.random.nextInt(60);
			boolean bursts = this.random.nextBoolean();
			double skew = 1 + 3 * this.random.nextDouble();
			for (int step = 0; step < 3_000; step++) {
				int arrivals = bursts ? ((this.random.nextInt(40) == 0) ? rate * 5 : 0)
						: this.random.nextInt(rate / 5 + 2);
				for (int i = 0; i < arrivals; i++) {
					call(this.instances.get((int) (this.instances.size() * Math.pow(this.random.nextDouble(), skew))));
				}
				Instance troubled = this.instances.get(this.random.nextInt(this.instances.size()));
				troubled.reportFailure = (this.random.nextInt(10) == 0)
						? new ThreeScaleUnavailableException("The report failed", false, null) : null;
				if (this.random.nextInt(400) == 0) {
					kill(this.random.nextInt(this.instances.size()));
				}
				if (this.failing) {
					fail();
				}
				boolean idle = this.random.nextInt(500) == 0;
				this.time
					.advanceTimeBy(idle ? Duration.ofSeconds(70) : Duration.ofMillis(10 + this.random.nextInt(50)));
			}
			this.instances.forEach((instance) -> instance.reportFailure = null);
			this.redis.away = false;
			this.time.advanceTimeBy(Duration.ofMinutes(5));
			assertThat(this.instances).allMatch((instance) -> instance.pending() == 0);
			this.backend.accepted().forEach(this::assertWithinBound);
			assertThat(this.backend.calls()).isLessThanOrEqualTo(this.calls);
		}

		private void call(Instance instance) {
			ApplicationCredentials caller = ApplicationCredentials.appId("app", "key-" + this.random.nextInt(2));
			Usage usage = Usage.of(METRICS.get(this.random.nextInt(METRICS.size())), 1 + this.random.nextInt(3));
			Disposable call = instance.client.authRep(AuthorizationRequest.of(caller, usage))
				.onErrorComplete()
				.subscribe();
			this.calls++;
			if (this.random.nextInt(20) == 0) {
				call.dispose();
			}
		}

		/**
		 * What it has left is adopted at once, or when it was silent for ten seconds. In
		 * some fleets, every other one stops in order.
		 */
		private void kill(int index) {
			Instance instance = this.instances.remove(index);
			if (this.stopping && this.started % 2 == 0) {
				this.redis.immediate = true;
				instance.reporting.stop(Duration.ZERO);
				this.redis.immediate = false;
			}
			MemorySpool left = instance.die();
			String name = this.names.remove(index);
			this.time.schedule(() -> this.redis.claims.remove(name), this.random.nextInt(10_000),
					TimeUnit.MILLISECONDS);
			start(left);
		}

		private void fail() {
			int event = this.random.nextInt(1_500);
			if (event == 0) {
				this.redis.claims.lose();
			}
			else if (event < 5) {
				this.redis.slow = !this.redis.slow;
			}
			else if (event < 10) {
				this.redis.away = !this.redis.away;
			}
			else if (event == 10) {
				this.redis.clock += this.random.nextInt(120_000) - 60_000;
			}
		}

		/**
		 * While Redis cannot be reached, each instance decides alone; what was claimed
		 * before comes on top.
		 */
		private void assertWithinBound(Counter counter, long sum) {
			long max = counter.limit().max();
			double guarded = Math.ceil(max * this.guard);
			double alone = this.failing
					? this.started * guarded + 2 * max + this.backend.acceptedBeforeShown(counter.limit().metric()) : 0;
			assertThat((double) (sum - max)).as("%s of %d instances", counter, this.instances.size())
				.isLessThanOrEqualTo(guarded + alone + this.backend.decidedAroundTurn(counter, SKEW.plusMillis(100)));
		}

	}

}

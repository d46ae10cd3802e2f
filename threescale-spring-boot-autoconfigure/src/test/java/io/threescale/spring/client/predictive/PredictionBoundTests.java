package io.threescale.spring.client.predictive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.MetricHierarchy;
import io.threescale.spring.Period;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.predictive.SimulatedBackend.Counter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the promised bound against a simulation: instances, limits, periods, arrivals and
 * the lag of the backend vary with the seed.
 */
class PredictionBoundTests {

	private static final List<Period> PERIODS = List.of(Period.MINUTE, Period.HOUR, Period.DAY, Period.ETERNITY);

	private static final List<String> METRICS = List.of("hits", "search", "list", "list.2001", "uploads");

	/** A tree of three levels beside another root; 3scale tells parts of it only. */
	private static final MetricHierarchy TREE = new MetricHierarchy(
			Map.of("hits", List.of("search", "list"), "list", List.of("list.2001")));

	/** More of them with {@code -Dsimulation.seeds=3000}. */
	static LongStream seeds() {
		return LongStream.range(0, Long.getLong("simulation.seeds", 20));
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void shouldKeepTheBound(long seed) {
		Random random = new Random(seed);
		VirtualTimeScheduler time = VirtualTimeScheduler.create();
		time.advanceTimeBy(Duration.ofMillis(random.nextLong(100_000_000_000L)));
		SimulatedBackend backend = new SimulatedBackend(time);
		backend.tree = TREE;
		backend.lag = Duration.ofMillis(random.nextInt(1_500));
		backend.latency = Duration.ofMillis(random.nextInt(40));
		backend.delay = () -> Duration.ofMillis((random.nextInt(20) == 0) ? random.nextInt(8_000) : 0);
		for (int i = random.nextInt(3); i >= 0; i--) {
			backend.limit(METRICS.get(random.nextInt(METRICS.size())), PERIODS.get(random.nextInt(4)),
					10 + random.nextInt(random.nextBoolean() ? 100 : 20_000));
		}
		int n = (seed % 2 == 0) ? 1 : 2 + random.nextInt(4);
		double guard = 0.02 + 0.1 * random.nextDouble();
		double share = 0.1 + 0.9 * random.nextDouble();
		List<Instance> instances = new ArrayList<>();
		for (int i = 0; i < n; i++) {
			instances.add(new Instance(backend, time, Instance.settings(guard, share), random.nextLong()));
		}
		int calls = run(random, time, instances);
		time.advanceTimeBy(Duration.ofMinutes(5));
		assertThat(instances).allMatch((instance) -> instance.pending() == 0);
		backend.accepted()
			.forEach((counter, sum) -> assertWithinBound(counter, sum, n, guard, share,
					(n > 1 || mayHaveUnknownMetrics(counter.limit(), backend))
							? backend.acceptedBeforeShown(counter.limit().metric()) : 0));
		assertThat(backend.calls()).isLessThan(calls);
	}

	/**
	 * What is two levels below a limit may not be known to be there. Then 3scale decides,
	 * which checks first and counts later.
	 */
	private static boolean mayHaveUnknownMetrics(Plan.Limit limit, SimulatedBackend backend) {
		return limit.metric().equals("hits")
				&& backend.limits.stream().noneMatch((other) -> other.metric().equals("list"));
	}

	private static void assertWithinBound(Counter counter, long sum, int n, double guard, double share, long blind) {
		long max = counter.limit().max();
		double guarded = Math.ceil(max * guard);
		double bound = ((n == 1) ? guarded : n * (guarded + share * max)) + blind;
		assertThat((double) (sum - max)).as("%s of %d instances", counter, n).isLessThanOrEqualTo(bound);
	}

	private static int run(Random random, VirtualTimeScheduler time, List<Instance> instances) {
		int calls = 0;
		int rate = 1 + random.nextInt(60);
		boolean bursts = random.nextBoolean();
		for (int step = 0; step < 3_000; step++) {
			int arrivals = bursts ? ((random.nextInt(40) == 0) ? rate * 5 : 0) : random.nextInt(rate / 5 + 2);
			for (int i = 0; i < arrivals; i++) {
				Instance instance = instances.get(random.nextInt(instances.size()));
				Disposable call = instance.client.authRep(call(random)).onErrorComplete().subscribe();
				calls++;
				if (random.nextInt(20) == 0) {
					call.dispose();
				}
			}
			Instance troubled = instances.get(random.nextInt(instances.size()));
			troubled.reportFailure = (random.nextInt(10) == 0)
					? new ThreeScaleUnavailableException("The report failed", false, null) : null;
			boolean idle = random.nextInt(500) == 0;
			time.advanceTimeBy(idle ? Duration.ofSeconds(70) : Duration.ofMillis(10 + random.nextInt(50)));
		}
		instances.forEach((instance) -> instance.reportFailure = null);
		return calls;
	}

	/**
	 * One application with several keys, called from several places.
	 */
	private static AuthorizationRequest call(Random random) {
		ApplicationCredentials caller = ApplicationCredentials.appId("app", "key-" + random.nextInt(2));
		Usage usage = Usage.of(METRICS.get(random.nextInt(METRICS.size())), 1 + random.nextInt(3));
		return AuthorizationRequest.of(caller, usage).withReferrer("site-" + random.nextInt(2));
	}

}

package io.threescale.spring.client.predictive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Source;
import io.threescale.spring.Period;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Usage;
import io.threescale.spring.client.reporting.MemorySpool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Decisions of a few instances that share headroom, in virtual time.
 */
class SharedHeadroomTests {

	private static final ApplicationCredentials APPLICATION = ApplicationCredentials.userKey("demo");

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final SimulatedBackend backend = new SimulatedBackend(this.time);

	private final SimulatedRedis redis = new SimulatedRedis(this.time, new Random(42));

	private final List<Instance> instances = new ArrayList<>();

	SharedHeadroomTests() {
		this.time.advanceTimeBy(Duration.ofDays(100));
		this.backend.latency = Duration.ofMillis(10);
	}

	private Instance start() {
		return start(this.redis.seenBy("member-" + this.instances.size()));
	}

	private Instance start(@Nullable Claims claims) {
		PredictionSettings settings = new PredictionSettings(Duration.ofMinutes(1), Duration.ofSeconds(2),
				Duration.ofSeconds(1), Duration.ofHours(1), 0.05, 0.25, 1_000);
		Instance instance = new Instance(this.backend, this.time, settings, 42, new MemorySpool(), Duration.ZERO,
				claims);
		this.instances.add(instance);
		return instance;
	}

	private List<Authorization> call(Instance instance) {
		List<Authorization> answers = new ArrayList<>(1);
		instance.call(APPLICATION, Usage.HIT).subscribe(answers::add);
		return answers;
	}

	private Authorization answer(Instance instance) {
		List<Authorization> answers = call(instance);
		this.time.advanceTimeBy(Duration.ofMillis(100));
		assertThat(answers).hasSize(1);
		return answers.get(0);
	}

	private int granted(Instance instance, int calls) {
		int granted = 0;
		for (int i = 0; i < calls; i++) {
			granted += answer(instance).isGranted() ? 1 : 0;
		}
		return granted;
	}

	@Test
	void whatOneHasUsedIsNotThereForAnother() {
		this.backend.limit("hits", Period.ETERNITY, 100);
		Instance first = start();
		Instance second = start();
		int granted = granted(first, 60) + granted(second, 60);
		assertThat(granted).isBetween(100, 105);
	}

	@Test
	void whatOneDoesNotUseIsGivenBack() {
		assertGivenBack((idle) -> this.time.advanceTimeBy(Duration.ofSeconds(5)));
	}

	@Test
	void whatOneHasNotUsedIsGivenBackWhenItStops() {
		this.redis.immediate = true;
		assertGivenBack((stopping) -> stopping.reporting.stop(Duration.ZERO));
	}

	@Test
	void whatIsLeftOfAPeriodIsNotUsedInTheNext() {
		this.time.advanceTimeBy(Duration.ofHours(1).minusSeconds(1));
		this.backend.limit("hits", Period.HOUR, 1_000);
		Instance instance = start();
		answer(instance);
		int commands = this.redis.commands;
		call(instance);
		assertThat(this.redis.commands).isEqualTo(commands);
		this.time.advanceTimeBy(Duration.ofSeconds(1));
		call(instance);
		assertThat(this.redis.commands).isGreaterThan(commands);
	}

	/** Of 1,000, both have used one, and 3scale decides about the last 50. */
	private void assertGivenBack(Consumer<Instance> whatFollows) {
		this.backend.limit("hits", Period.DAY, 1_000);
		Instance one = start();
		Instance other = start();
		answer(other);
		answer(one);
		whatFollows.accept(one);
		int local = 0;
		while (answer(other).source() == Source.LOCAL) {
			local++;
		}
		assertThat(local).isEqualTo(948);
	}

	@Test
	void whatTheDeadHaveLeftIsUsedByOthers() {
		this.backend.limit("hits", Period.ETERNITY, 1_000);
		Instance dead = start();
		Instance alive = start();
		granted(dead, 100);
		dead.die();
		this.redis.claims.remove("member-0");
		this.time.advanceTimeBy(Duration.ofMinutes(2));
		granted(alive, 1);
		this.time.advanceTimeBy(Duration.ofMinutes(2));
		// What was not reported is nobody's
		assertThat(granted(alive, 1_100)).isBetween(899, 1_049);
	}

	@Test
	void farFromTheLimitOnlyOneOfThousandCallsLeavesTheProcess() {
		this.backend.limit("hits", Period.DAY, 1_000_000);
		Instance instance = start();
		start();
		answer(instance);
		int questions = this.backend.calls();
		int commands = this.redis.commands;
		for (int i = 0; i < 10_000; i++) {
			assertThat(call(instance)).hasSize(1);
			this.time.advanceTimeBy(Duration.ofMillis(1));
		}
		assertThat(this.backend.calls() - questions).isZero();
		assertThat(this.redis.commands - commands).isLessThanOrEqualTo(10);
	}

	@Test
	void aCallWaitsFiftyMillisecondsAtMostAndTheNextOnesDoNot() {
		this.backend.limit("hits", Period.DAY, 1_000);
		Instance instance = start(hanging());
		List<Authorization> first = call(instance);
		this.time.advanceTimeBy(this.backend.latency.plusMillis(49));
		assertThat(first).isEmpty();
		this.time.advanceTimeBy(Duration.ofMillis(1));
		assertThat(first).hasSize(1);
		assertThat(call(instance)).singleElement().extracting(Authorization::source).isEqualTo(Source.LOCAL);
	}

	@Test
	void nearTheLimitACallWaitsAsLongAndTheNextOnesDoNot() {
		this.backend.limit("hits", Period.ETERNITY, 100);
		Instance instance = start();
		granted(instance, 96);
		this.redis.hanging = true;
		List<Authorization> first = call(instance);
		this.time.advanceTimeBy(this.backend.latency.plusMillis(49));
		assertThat(first).isEmpty();
		this.time.advanceTimeBy(Duration.ofMillis(1));
		assertThat(first).singleElement().matches(Authorization::isGranted);
		List<Authorization> next = call(instance);
		this.time.advanceTimeBy(this.backend.latency);
		assertThat(next).singleElement().matches(Authorization::isGranted);
	}

	@Test
	void aFleetAsksThreeScaleNoMoreThanInstancesAlone() {
		this.backend.limit("hits", Period.HOUR, 25_000);
		int alone = questions(Stream.generate(() -> start((Claims) null)).limit(4).toList());
		this.time.advanceTimeBy(Duration.ofHours(2));
		int scripts = this.redis.commands;
		int together = questions(Stream.generate(this::start).limit(4).toList());
		scripts = this.redis.commands - scripts;
		System.out.printf(
				"20,000 calls: 4 instances alone ask 3scale %d times, in a fleet %d times, and run %d scripts%n", alone,
				together, scripts);
		assertThat(together).isLessThanOrEqualTo(alone);
		assertThat(scripts).isLessThan(400);
	}

	/** One instance has most of the calls, which take 50 seconds. */
	private int questions(List<Instance> instances) {
		int before = this.backend.calls();
		for (int i = 0; i < 20_000; i++) {
			call(instances.get((i % 10 < 3) ? i % 3 + 1 : 0));
			this.time.advanceTimeBy(Duration.ofNanos(2_500_000));
		}
		return this.backend.calls() - before;
	}

	/** One of four whose requests are never answered. */
	private static Claims hanging() {
		return new Claims() {

			@Override
			public int instances() {
				return 4;
			}

			@Override
			public Mono<Reply> claim(Request request) {
				return Mono.never();
			}

		};
	}

	@Test
	void whileRedisIsAwayEachUsesItsShare() {
		this.backend.limit("hits", Period.MINUTE, 1_000);
		Instance instance = start(hanging());
		answer(instance);
		assertThat(granted(instance, 249)).isEqualTo(249);
		assertThat(this.backend.calls()).isEqualTo(1);
		granted(instance, 1);
		assertThat(this.backend.calls()).isEqualTo(2);
	}

	@Test
	void whatIsAtHandIsUsedWhileRedisIsAway() {
		this.backend.limit("hits", Period.DAY, 1_000);
		Instance instance = start();
		start();
		answer(instance);
		this.redis.away = true;
		assertThat(granted(instance, 30)).isEqualTo(30);
		this.redis.away = false;
		this.time.advanceTimeBy(Duration.ofSeconds(5));
		assertThat(granted(instance, 1_100)).isBetween(969, 1_019);
	}

	@Test
	void whileThreeScaleIsAwayAllTogetherKeepToTheLimit() {
		this.backend.limit("hits", Period.ETERNITY, 100);
		Instance first = start();
		Instance second = start();
		int granted = granted(first, 1) + granted(second, 1);
		this.backend.failure = new ThreeScaleUnavailableException("3scale is away", false, null);
		this.time.advanceTimeBy(Duration.ofMinutes(2));
		granted += granted(first, 70) + granted(second, 70);
		assertThat(granted).isBetween(100, 105);
	}

	@Test
	void whatIsNotUsedCostsNothing() {
		this.backend.limit("hits", Period.ETERNITY, 100);
		answer(start());
		this.time.advanceTimeBy(Duration.ofSeconds(20));
		int commands = this.redis.commands;
		this.time.advanceTimeBy(Duration.ofMinutes(10));
		assertThat(this.redis.commands).isEqualTo(commands);
	}

	@Test
	void aRedisWithoutItsDataHearsOfAllThatIsUsed() {
		this.backend.limit("hits", Period.ETERNITY, 1_000);
		Instance first = start();
		Instance second = start();
		int granted = granted(first, 300);
		this.redis.claims.lose();
		this.time.advanceTimeBy(Duration.ofSeconds(3));
		granted += granted(first, 400) + granted(second, 700);
		assertThat(granted).isBetween(1_000, 1_050);
	}

	@Test
	void whatThreeScaleShowedToOneIsKnownToAll() {
		this.backend.limit("hits", Period.ETERNITY, 10);
		Instance first = start();
		Instance second = start();
		granted(second, 1);
		granted(first, 12);
		this.time.advanceTimeBy(Duration.ofSeconds(20));
		assertThat(answer(first).isGranted()).isFalse();
		this.time.advanceTimeBy(Duration.ofSeconds(3));
		int questions = this.backend.calls();
		assertThat(answer(second).isGranted()).isFalse();
		assertThat(this.backend.calls()).isEqualTo(questions);
	}

}

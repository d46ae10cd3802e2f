package io.threescale.spring.client.predictive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.MetricHierarchy;
import io.threescale.spring.Period;
import io.threescale.spring.Usage;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that metrics whose place in the tree 3scale does not tell keep to the limits
 * above them, and to no others.
 */
class MetricTreeTests {

	private static final ApplicationCredentials APPLICATION = ApplicationCredentials.userKey("k");

	private static final Usage DEEP = Usage.of("search.2001");

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final SimulatedBackend backend = new SimulatedBackend(this.time);

	private final Instance instance = new Instance(this.backend, this.time, Instance.settings(0.05, 0.25), 1);

	private final List<Authorization> answers = new ArrayList<>();

	@Test
	void shouldKeepALimitTwoLevelsAbove() {
		this.backend.tree = new MetricHierarchy(
				Map.of("hits", List.of("hits.2001"), "hits.2001", List.of("search.2001")));
		this.backend.limit("hits", Period.DAY, 100);
		call(300, DEEP);
		assertThat(granted()).isBetween(95L, 100L);
		assertThat(this.backend.accepted().values()).allMatch((sum) -> sum <= 105);
	}

	@Test
	void shouldDenyHereOnceThePlaceIsLearnt() {
		this.backend.tree = new MetricHierarchy(
				Map.of("hits", List.of("hits.2001"), "hits.2001", List.of("search.2001")));
		this.backend.limit("hits", Period.DAY, 100);
		call(150, DEEP);
		int calls = this.backend.calls();
		call(100, DEEP);
		assertThat(this.answers.subList(150, 250)).allMatch(Denied.class::isInstance);
		assertThat(this.backend.calls()).isEqualTo(calls);
	}

	@Test
	void shouldNotDenyForAFullLimitOfAnotherRoot() {
		this.backend.tree = new MetricHierarchy(Map.of("hits", List.of("search")));
		this.backend.limit("hits", Period.DAY, 20);
		call(30, Usage.HIT);
		this.answers.clear();
		int before = this.backend.calls();
		call(200, Usage.of("uploads"));
		assertThat(this.answers).hasSize(200).allMatch(Authorization::isGranted);
		assertThat(this.backend.calls() - before).isLessThanOrEqualTo(10);
	}

	@Test
	void shouldForgetWhatDoesNotExplainADenial() {
		this.backend.tree = new MetricHierarchy(Map.of("hits", List.of("search")));
		this.backend.limit("hits", Period.DAY, 100);
		call(5, Usage.of("uploads"));
		this.backend.tree = new MetricHierarchy(Map.of("hits", List.of("search", "uploads")));
		call(100, Usage.HIT);
		this.time.advanceTimeBy(Duration.ofMinutes(1));
		this.answers.clear();
		call(100, Usage.of("uploads"));
		this.time.advanceTimeBy(Duration.ofMinutes(2));
		this.answers.clear();
		call(20, Usage.of("uploads"));
		assertThat(this.answers).allMatch(Denied.class::isInstance);
	}

	private long granted() {
		return this.answers.stream().filter(Authorization::isGranted).count();
	}

	private void call(int times, Usage usage) {
		for (int i = 0; i < times; i++) {
			this.instance.call(APPLICATION, usage).subscribe(this.answers::add);
			this.time.advanceTimeBy(Duration.ofMillis(5));
		}
	}

}

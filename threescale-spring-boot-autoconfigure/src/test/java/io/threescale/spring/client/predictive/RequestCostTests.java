package io.threescale.spring.client.predictive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.LimitHeaders;
import io.threescale.spring.Period;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Extension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What decisions cost 3scale, and what callers are told meanwhile.
 */
class RequestCostTests {

	private static final AuthorizationRequest CALL = AuthorizationRequest
		.of(ApplicationCredentials.userKey("k"), Usage.HIT)
		.with(Extension.LIMIT_HEADERS);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final SimulatedBackend backend = new SimulatedBackend(this.time);

	private final Instance instance = new Instance(this.backend, this.time, Instance.settings(0.05, 0.25), 1);

	private final List<Authorization> answers = new ArrayList<>();

	private final List<Integer> requests = new ArrayList<>();

	@BeforeEach
	void begin() {
		this.time.advanceTimeBy(Duration.ofSeconds(1));
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 300, 1_500 })
	void shouldCostLessThanStrictModeUpToTheLimit(long lagMillis) {
		this.backend.lag = Duration.ofMillis(lagMillis);
		this.backend.limit("hits", Period.DAY, 1_000);
		call(1_000);
		assertThat(this.requests.get(999)).isLessThanOrEqualTo(300);
		for (int i = 100; i < 1_000; i++) {
			assertThat(this.requests.get(i) - this.requests.get(i - 100)).as("requests of calls %s to %s", i - 99, i)
				.isLessThanOrEqualTo(100);
		}
		assertThat(this.answers).filteredOn(Authorization::isGranted).hasSizeBetween(950, 1_000);
	}

	@Test
	void shouldCostNoMoreThanStrictModeWithASmallLimit() {
		this.backend.limit("hits", Period.MINUTE, 10);
		call(10);
		assertThat(this.requests.get(9)).isLessThanOrEqualTo(11);
		assertThat(this.answers).allMatch(Authorization::isGranted);
	}

	@Test
	void shouldTellTheCounterOnce() {
		this.backend.limit("hits", Period.DAY, 100);
		call(101);
		assertThat(this.answers.get(100)).isInstanceOf(Denied.class);
		assertThat(this.answers.get(100).usageReports()).singleElement()
			.satisfies((report) -> assertThat(report.currentValue()).isEqualTo(100));
	}

	@Test
	void shouldTellWhatIsLeftAsItIs() {
		this.backend.limit("hits", Period.DAY, 1_000);
		this.backend.lag = Duration.ofMillis(500);
		call(900);
		for (int i = 0; i < 900; i++) {
			LimitHeaders headers = this.answers.get(i).status().limitHeaders();
			assertThat(headers).isNotNull();
			assertThat(headers.remaining()).as("left after call %s", i + 1).isEqualTo(999 - i);
		}
	}

	@Test
	void shouldGrantUpToTheLargestLimitThereIs() {
		this.backend.limit("hits", Period.ETERNITY, Long.MAX_VALUE);
		call(100);
		assertThat(this.answers).allMatch(Authorization::isGranted);
		assertThat(this.backend.calls()).isEqualTo(1);
	}

	@Test
	void shouldNoticeWithinMinutesThatAMetricIsGone() {
		List<Throwable> failures = new ArrayList<>();
		AuthorizationRequest other = AuthorizationRequest.of(ApplicationCredentials.userKey("k"), Usage.of("list"));
		this.backend.limit("hits", Period.DAY, 100_000);
		for (int second = 0; second < 900; second++) {
			if (second == 60) {
				this.backend.missing = "list";
			}
			this.instance.client.authRep(CALL).subscribe();
			this.instance.client.authRep(other).subscribe((answer) -> {
			}, failures::add);
			this.time.advanceTimeBy(Duration.ofSeconds(1));
		}
		assertThat(failures).hasSizeGreaterThan(200);
	}

	private void call(int times) {
		for (int i = 0; i < times; i++) {
			this.instance.client.authRep(CALL).subscribe(this.answers::add);
			this.time.advanceTimeBy(Duration.ofMillis(3));
			this.requests.add(this.backend.calls() + this.backend.reports);
		}
	}

}

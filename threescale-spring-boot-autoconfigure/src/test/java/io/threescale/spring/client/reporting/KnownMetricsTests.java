package io.threescale.spring.client.reporting;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.SteadyTime;
import io.threescale.spring.client.reporting.KnownMetrics.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link KnownMetrics}.
 */
class KnownMetricsTests {

	private final ReactiveThreeScaleClient client = mock(ReactiveThreeScaleClient.class);

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);

	private final KnownMetrics metrics = new KnownMetrics(Duration.ofMinutes(5),
			new SteadyTime(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), this.nanos::get));

	@BeforeEach
	void grant() {
		answer(Mono.just(new Authorization.Granted(ApplicationStatus.UNKNOWN)));
	}

	private void answer(Mono<Authorization> answer) {
		given(this.client.authorize(any(AuthorizationRequest.class))).willReturn(answer);
	}

	private Mono<State> find(String metric) {
		return this.metrics.find(AuthorizationRequest.of(ApplicationCredentials.userKey("key-1"), Usage.of(metric, 0)),
				this.client);
	}

	private void assertAsked(int questions) {
		then(this.client).should(times(questions)).authorize(any(AuthorizationRequest.class));
	}

	@Test
	void knowsAMetricForFiveMinutes() {
		assertThat(find("rows").block()).isEqualTo(State.KNOWN);
		this.nanos.addAndGet(Duration.ofMinutes(5).toNanos() - 1);
		assertThat(this.metrics.isKnown("rows")).isTrue();
		this.nanos.incrementAndGet();
		assertThat(this.metrics.isKnown("rows")).isFalse();
		find("rows").block();
		assertAsked(2);
	}

	@Test
	void asksAgainAboutAMissingMetricAfterAMinute() {
		answer(Mono.error(new ThreeScaleMisconfiguredException("no such metric", ErrorCode.METRIC_INVALID)));
		assertThat(find("serach").block()).isEqualTo(State.MISSING);
		this.nanos.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
		assertThat(find("serach").block()).isEqualTo(State.MISSING);
		assertAsked(1);
		this.nanos.incrementAndGet();
		grant();
		assertThat(find("serach").block()).isEqualTo(State.KNOWN);
	}

	@Test
	void thatAMetricIsMissingIsNewsOnceAnAnswer() {
		answer(Mono.error(new ThreeScaleMisconfiguredException("no such metric", ErrorCode.METRIC_INVALID)));
		find("serach").block();
		assertThat(this.metrics.isNews("serach")).isTrue();
		assertThat(this.metrics.isNews("serach")).isFalse();
		assertThat(this.metrics.isNews("rows")).isFalse();
		this.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
		find("serach").block();
		assertThat(this.metrics.isNews("serach")).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "limits_exceeded, KNOWN", "application_not_active, UNKNOWN", "user_key_invalid, UNKNOWN" })
	void aDenialByALimitProvesThatThereIsTheMetric(String code, State state) {
		answer(Mono.just(new Authorization.Denied(new ErrorCode(code), null, ApplicationStatus.UNKNOWN)));
		assertThat(find("rows").block()).isEqualTo(state);
	}

	@Test
	void whatIsNotAnsweredIsAskedAgain() {
		answer(Mono.error(new ThreeScaleUnavailableException("3scale is away", false, null)));
		assertThatExceptionOfType(ThreeScaleUnavailableException.class).isThrownBy(() -> find("rows").block());
		assertThat(this.metrics.state("rows")).isEqualTo(State.UNKNOWN);
		grant();
		assertThat(find("rows").block()).isEqualTo(State.KNOWN);
	}

	@Test
	void allWhoWantToKnowWaitForOneAnswer() {
		Sinks.One<Authorization> answer = Sinks.one();
		answer(answer.asMono());
		Mono<List<State>> states = Mono.zip(find("rows"), find("rows"), (one, other) -> List.of(one, other));
		List<State> found = states
			.doOnSubscribe((subscription) -> answer.tryEmitValue(new Authorization.Granted(ApplicationStatus.UNKNOWN)))
			.block();
		assertThat(found).containsExactly(State.KNOWN, State.KNOWN);
		assertAsked(1);
	}

	@Test
	void namesThatCallersChooseDoNotFillTheMemory() {
		answer(Mono.error(new ThreeScaleMisconfiguredException("no such metric", ErrorCode.METRIC_INVALID)));
		for (int i = 0; i < 30_000; i++) {
			find("metric" + i).block();
		}
		assertThat(this.metrics.size()).isLessThan(11_000);
	}

}

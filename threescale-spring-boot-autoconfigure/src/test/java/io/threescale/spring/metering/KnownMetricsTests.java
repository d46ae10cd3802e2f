package io.threescale.spring.metering;

import java.time.Clock;
import java.time.Duration;
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
import io.threescale.spring.credentials.CredentialsResolver;
import io.threescale.spring.metering.KnownMetrics.State;
import io.threescale.spring.metering.MeteredCall.Admission;
import io.threescale.spring.metering.MeteredCall.Billing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;
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

	private final Admission admission = admission("1001", null);

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);

	private final KnownMetrics metrics = new KnownMetrics(new MeteringLog(Clock.systemUTC()), this.nanos::get);

	@BeforeEach
	void grant() {
		answer(Mono.just(new Authorization.Granted(ApplicationStatus.UNKNOWN)));
	}

	private Admission admission(String service, String referrer) {
		return new Admission(MeteredOperation.of("search", Usage.of("search")),
				new MeteredService(service, this.client, mock(CredentialsResolver.class), null),
				ApplicationCredentials.userKey("key-1"), referrer, Billing.CHARGED);
	}

	private void answer(Mono<Authorization> answer) {
		given(this.client.authorize(any(AuthorizationRequest.class))).willReturn(answer);
	}

	private void assertAsked(int questions) {
		then(this.client).should(times(questions)).authorize(any(AuthorizationRequest.class));
	}

	@Test
	void asksAboutTheMetricAloneAndCountsNothing() {
		assertThat(this.metrics.find(admission("1001", "example.org"), "rows").block()).isEqualTo(State.KNOWN);
		then(this.client).should()
			.authorize(AuthorizationRequest.of(ApplicationCredentials.userKey("key-1"), Usage.of("rows", 0))
				.withReferrer("example.org"));
	}

	@Test
	void knowsAMetricForFiveMinutes() {
		this.metrics.find(this.admission, "rows").block();
		this.nanos.addAndGet(Duration.ofMinutes(5).toNanos() - 1);
		assertThat(this.metrics.knows(this.admission, "rows")).isTrue();
		this.nanos.incrementAndGet();
		assertThat(this.metrics.knows(this.admission, "rows")).isFalse();
		this.metrics.find(this.admission, "rows").block();
		assertAsked(2);
	}

	@Test
	void asksAgainAboutAMissingMetricAfterAMinute() {
		answer(Mono.error(new ThreeScaleMisconfiguredException("no such metric", ErrorCode.METRIC_INVALID)));
		assertThat(this.metrics.find(this.admission, "serach").block()).isEqualTo(State.MISSING);
		this.nanos.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
		assertThat(this.metrics.find(this.admission, "serach").block()).isEqualTo(State.MISSING);
		assertAsked(1);
		this.nanos.incrementAndGet();
		grant();
		assertThat(this.metrics.find(this.admission, "serach").block()).isEqualTo(State.KNOWN);
	}

	@ParameterizedTest
	@CsvSource({ "limits_exceeded, KNOWN", "application_not_active, UNKNOWN", "user_key_invalid, UNKNOWN" })
	void aDenialByALimitProvesThatThereIsTheMetric(String code, State state) {
		answer(Mono.just(new Authorization.Denied(new ErrorCode(code), null, ApplicationStatus.UNKNOWN)));
		assertThat(this.metrics.find(this.admission, "rows").block()).isEqualTo(state);
	}

	@Test
	void whatIsNotAnsweredIsAskedAgain() {
		answer(Mono.error(new ThreeScaleUnavailableException("3scale is away", false, null)));
		assertThat(this.metrics.find(this.admission, "rows").block()).isEqualTo(State.UNKNOWN);
		grant();
		assertThat(this.metrics.find(this.admission, "rows").block()).isEqualTo(State.KNOWN);
	}

	@Test
	void allWhoWantToKnowWaitForOneAnswer() {
		Sinks.One<Authorization> answer = Sinks.one();
		answer(answer.asMono());
		Mono<List<State>> states = Mono.zip(this.metrics.find(this.admission, "rows"),
				this.metrics.find(this.admission, "rows"), (one, other) -> List.of(one, other));
		List<State> found = states
			.doOnSubscribe((subscription) -> answer.tryEmitValue(new Authorization.Granted(ApplicationStatus.UNKNOWN)))
			.block();
		assertThat(found).containsExactly(State.KNOWN, State.KNOWN);
		assertAsked(1);
	}

	@Test
	void servicesHaveMetricsOfTheirOwn() {
		this.metrics.find(this.admission, "rows").block();
		assertThat(this.metrics.knows(admission("1002", null), "rows")).isFalse();
	}

	@Test
	void namesThatCallersChooseDoNotCostAQuestionEach() {
		for (int i = 0; i < 5_000; i++) {
			this.metrics.find(this.admission, "metric" + i).block();
		}
		assertAsked(1_000);
		assertThat(this.metrics.knows(this.admission, "metric7")).isTrue();
	}

}

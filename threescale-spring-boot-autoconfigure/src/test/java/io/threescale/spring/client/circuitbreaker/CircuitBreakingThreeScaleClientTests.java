package io.threescale.spring.client.circuitbreaker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.PartialReportException;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CircuitBreakingThreeScaleClient}.
 */
class CircuitBreakingThreeScaleClientTests {

	private final AtomicInteger asked = new AtomicInteger();

	private final CircuitBreaker circuitBreaker = CircuitBreaker.of("threescale",
			CircuitBreakerConfig.custom().slidingWindowSize(4).minimumNumberOfCalls(4).build());

	private Mono<Authorization> answer = Mono.just(new Authorization.Granted(ApplicationStatus.UNKNOWN));

	private final ReactiveThreeScaleClient client = new CircuitBreakingThreeScaleClient(new Backend(),
			this.circuitBreaker);

	@Test
	void whenTheBackendIsDownThenItIsNoLongerAsked() {
		this.answer = Mono.error(new ThreeScaleUnavailableException("down", true, null));
		for (int i = 0; i < 10; i++) {
			assertThatExceptionOfType(ThreeScaleUnavailableException.class).isThrownBy(this::call);
		}
		assertThat(this.asked).hasValue(4);
		assertThatExceptionOfType(ThreeScaleUnavailableException.class).isThrownBy(this::call)
			.matches((ex) -> !ex.isAmbiguous());
	}

	@Test
	void whenTheBackendGoesDownWithinAReportThenItHasFailed() {
		this.answer = Mono
			.error(new PartialReportException(1, List.of(), new ThreeScaleUnavailableException("down", false, null)));
		assertThatExceptionOfType(PartialReportException.class).isThrownBy(this::call);
		assertThat(this.circuitBreaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(1);
	}

	@Test
	void whenTheBackendDeniesOrRefusesThenItIsAlive() {
		this.answer = Mono.just(new Denied(ErrorCode.LIMITS_EXCEEDED, null, ApplicationStatus.UNKNOWN));
		for (int i = 0; i < 10; i++) {
			call();
		}
		this.answer = Mono.error(new ThreeScaleMisconfiguredException("token", ErrorCode.SERVICE_TOKEN_INVALID));
		for (int i = 0; i < 10; i++) {
			assertThatExceptionOfType(ThreeScaleException.class).isThrownBy(this::call);
		}
		assertThat(this.asked).hasValue(20);
	}

	@Test
	void whenAnAnswerIsTakenAndCancelledThenItsPlaceIsNotGivenAway() {
		CircuitBreaker halfOpen = CircuitBreaker.of("threescale",
				CircuitBreakerConfig.custom().permittedNumberOfCallsInHalfOpenState(2).build());
		halfOpen.transitionToOpenState();
		halfOpen.transitionToHalfOpenState();
		ReactiveThreeScaleClient client = new CircuitBreakingThreeScaleClient(new Backend(), halfOpen);
		client.authorize(ApplicationCredentials.userKey("k"), Usage.HIT).flux().next().block();
		this.answer = Mono.never();
		client.authorize(ApplicationCredentials.userKey("k"), Usage.HIT).subscribe();
		assertThatExceptionOfType(ThreeScaleUnavailableException.class)
			.isThrownBy(
					() -> client.authorize(ApplicationCredentials.userKey("k"), Usage.HIT).block(Duration.ofSeconds(1)))
			.withMessageContaining("is open");
	}

	@Test
	void whenACallIsCancelledThenItCountsForNothing() {
		this.answer = Mono.never();
		for (int i = 0; i < 10; i++) {
			this.client.authRep(ApplicationCredentials.userKey("k"), Usage.HIT).subscribe().dispose();
		}
		assertThat(this.circuitBreaker.getMetrics().getNumberOfBufferedCalls()).isZero();
	}

	private void call() {
		this.client.authRep(ApplicationCredentials.userKey("k"), Usage.HIT).block();
	}

	private final class Backend implements ReactiveThreeScaleClient {

		@Override
		public Mono<Authorization> authorize(AuthorizationRequest request) {
			return authRep(request);
		}

		@Override
		public Mono<Authorization> authRep(AuthorizationRequest request) {
			return Mono.defer(() -> {
				CircuitBreakingThreeScaleClientTests.this.asked.incrementAndGet();
				return CircuitBreakingThreeScaleClientTests.this.answer;
			});
		}

		@Override
		public Mono<Void> report(ReportRequest request) {
			return Mono.empty();
		}

		@Override
		public void close() {
		}

	}

}

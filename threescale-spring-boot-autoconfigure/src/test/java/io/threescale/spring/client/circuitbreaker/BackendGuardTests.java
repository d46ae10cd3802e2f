package io.threescale.spring.client.circuitbreaker;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
import io.threescale.spring.client.circuitbreaker.Circuit.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link BackendGuard} and the circuit breakers of Resilience4j.
 */
@ExtendWith(OutputCaptureExtension.class)
class BackendGuardTests {

	private final AtomicInteger asked = new AtomicInteger();

	private final CircuitBreaker circuitBreaker = CircuitBreaker.of("threescale",
			CircuitBreakerConfig.custom().slidingWindowSize(4).minimumNumberOfCalls(4).build());

	private Mono<Authorization> answer = Mono.just(new Authorization.Granted(ApplicationStatus.UNKNOWN));

	private final BackendGuard guard = guard(this.circuitBreaker);

	private final ReactiveThreeScaleClient client = this.guard.guard(new Backend());

	private static BackendGuard guard(CircuitBreaker circuitBreaker) {
		return new BackendGuard(new Resilience4jCircuit(circuitBreaker), URI.create("http://backend.test"),
				Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
	}

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
	void whenTheCircuitOpensAndClosesThenThatIsSaidAndKnown(CapturedOutput output) {
		LoggingSystem.get(getClass().getClassLoader()).setLogLevel(BackendGuard.class.getName(), LogLevel.INFO);
		List<State> states = new CopyOnWriteArrayList<>();
		this.guard.circuit().onTransition(states::add);
		call();
		assertThat(this.guard.state()).isEqualTo(State.CLOSED);
		this.circuitBreaker.transitionToOpenState();
		assertThat(this.guard.state()).isEqualTo(State.OPEN);
		this.circuitBreaker.transitionToHalfOpenState();
		this.circuitBreaker.transitionToOpenState();
		this.circuitBreaker.transitionToHalfOpenState();
		this.circuitBreaker.transitionToClosedState();
		assertThat(states).containsExactly(State.OPEN, State.HALF_OPEN, State.OPEN, State.HALF_OPEN, State.CLOSED);
		assertThat(output.toString().split("3scale at http://backend.test does not answer", -1)).hasSize(2);
		assertThat(output).contains("3scale at http://backend.test answers again, after 0 s.");
	}

	@Test
	void whenACallThrowsWhenItIsMadeThenThatIsAnErrorAndCountsForNothing() {
		ReactiveThreeScaleClient broken = this.guard.guard(new Backend() {

			@Override
			public Mono<Authorization> authRep(AuthorizationRequest request) {
				throw new IllegalStateException("broken");
			}

		});
		StepVerifier.create(broken.authRep(ApplicationCredentials.userKey("k"), Usage.HIT))
			.verifyErrorMessage("broken");
		assertThat(this.circuitBreaker.getMetrics().getNumberOfBufferedCalls()).isZero();
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
		ReactiveThreeScaleClient client = guard(halfOpen).guard(new Backend());
		client.authorize(ApplicationCredentials.userKey("k"), Usage.HIT).flux().next().block();
		this.answer = Mono.never();
		client.authorize(ApplicationCredentials.userKey("k"), Usage.HIT).subscribe();
		assertThatExceptionOfType(ThreeScaleUnavailableException.class)
			.isThrownBy(
					() -> client.authorize(ApplicationCredentials.userKey("k"), Usage.HIT).block(Duration.ofSeconds(1)))
			.withMessageContaining("is not asked");
	}

	@Test
	void whenACallIsCancelledThenItCountsForNothing() {
		this.answer = Mono.never();
		for (int i = 0; i < 10; i++) {
			this.client.authRep(ApplicationCredentials.userKey("k"), Usage.HIT).subscribe().dispose();
		}
		assertThat(this.circuitBreaker.getMetrics().getNumberOfBufferedCalls()).isZero();
	}

	@Test
	void whenACallIsCancelledWhileTheBackendIsTriedThenAnotherMayTry() {
		this.circuitBreaker.transitionToOpenState();
		this.circuitBreaker.transitionToHalfOpenState();
		int permitted = this.circuitBreaker.getCircuitBreakerConfig().getPermittedNumberOfCallsInHalfOpenState();
		Mono<Authorization> granted = this.answer;
		this.answer = Mono.never();
		for (int i = 0; i < permitted; i++) {
			this.client.authRep(AuthorizationRequest.of(ApplicationCredentials.userKey("key-1"))).subscribe().dispose();
		}
		this.answer = granted;
		call();
		assertThat(this.asked).hasValue(permitted + 1);
	}

	private void call() {
		this.client.authRep(ApplicationCredentials.userKey("k"), Usage.HIT).block();
	}

	private class Backend implements ReactiveThreeScaleClient {

		@Override
		public Mono<Authorization> authorize(AuthorizationRequest request) {
			return authRep(request);
		}

		@Override
		public Mono<Authorization> authRep(AuthorizationRequest request) {
			return Mono.defer(() -> {
				BackendGuardTests.this.asked.incrementAndGet();
				return BackendGuardTests.this.answer;
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

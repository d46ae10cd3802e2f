package io.threescale.spring.client.reporting;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.PartialReportException;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.reporting.DeadLetter.Reason;
import io.threescale.spring.client.reporting.spool.UsageSpool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class DeliveryFailureTests {

	private Fixture fixture = new Fixture().started();

	@Test
	void whatNeverLeftIsRetriedLessAndLessOften() {
		this.fixture.backend.failReports(Failures.unsent());
		this.fixture.know("anna", "bert");
		this.fixture.hit("anna");
		this.fixture.hit("bert");
		this.fixture.time.advance(Fixture.INTERVAL);
		assertThat(this.fixture.backend.requests()).hasSize(1);
		this.fixture.time.advance(Duration.ofMillis(999));
		assertThat(this.fixture.backend.requests()).hasSize(1);
		this.fixture.time.advance(Duration.ofMillis(1));
		assertThat(this.fixture.backend.requests()).hasSize(2);
		this.fixture.time.advance(Duration.ofSeconds(2));
		assertThat(this.fixture.backend.requests()).hasSize(3);
		this.fixture.time.advance(Duration.ofMinutes(10));
		assertThat(this.fixture.backend.requests()).hasSizeBetween(14, 18);
		this.fixture.backend.acceptReports();
		this.fixture.time.advance(Duration.ofMinutes(1));
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 2L));
		assertThat(this.fixture.statistics().failedFlushes()).isGreaterThan(10);
		assertThat(this.fixture.statistics().ambiguousUnits()).isZero();
		assertThat(this.fixture.statistics().pendingCounters()).isZero();
	}

	@Test
	void usageThatComesBackKeepsItsTimeBesideNewUsage() {
		Sinks.Empty<Void> answer = Sinks.empty();
		this.fixture.backend.reports((request) -> answer.asMono());
		this.fixture.hit("anna", 2);
		this.fixture.client.flush().subscribe();
		this.fixture.hit("anna", 3);
		answer.tryEmitError(Failures.unsent());
		this.fixture.hit("anna", 4);
		assertThat(this.fixture.statistics().pendingUnits()).isEqualTo(9);
		this.fixture.backend.acceptReports();
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 9L));
		assertThat(this.fixture.backend.transactions()).extracting(Transaction::timestamp)
			.containsOnly(this.fixture.backend.transactions().get(0).timestamp());
	}

	@ParameterizedTest
	@EnumSource(AmbiguousPolicy.class)
	void ambiguousUsageFollowsThePolicyAndIsCounted(AmbiguousPolicy policy) {
		this.fixture = new Fixture(Fixture.settings(500, policy), 100, UsageSpool.none()).started();
		this.fixture.backend.failReports(Failures.ambiguous());
		this.fixture.hit("anna", 5);
		this.fixture.time.advance(Fixture.INTERVAL);
		this.fixture.backend.acceptReports();
		this.fixture.time.advance(Duration.ofMinutes(1));
		boolean drop = policy == AmbiguousPolicy.DROP;
		assertThat(this.fixture.backend.requests()).hasSize(drop ? 1 : 2);
		assertThat(this.fixture.backend.counted()).isEqualTo(drop ? Map.of() : Map.of("hits", 5L));
		assertThat(this.fixture.statistics().ambiguousUnits()).isEqualTo(5);
		assertThat(this.fixture.statistics().pendingCounters()).isZero();
	}

	@Test
	void usageThatIsAddedToWhatCameLaterKeepsItsAgeAndIsAmbiguousOnce() {
		this.fixture = new Fixture(Fixture.settings(500, AmbiguousPolicy.RETRY), 100, UsageSpool.none()).started();
		this.fixture.backend.reports((request) -> Mono.<Void>error(Failures.ambiguous()).doOnSubscribe((sent) -> {
			this.fixture.time.jump(Duration.ofSeconds(5));
			this.fixture.hit("anna", 4);
		}));
		this.fixture.hit("anna", 5);
		this.fixture.client.flush().block();
		assertThat(this.fixture.statistics().pendingCounters()).isOne();
		assertThat(this.fixture.statistics().oldestPendingAge()).isEqualTo(Duration.ofSeconds(5));
		this.fixture.backend.failReports(Failures.ambiguous());
		this.fixture.client.flush().block();
		assertThat(this.fixture.statistics().ambiguousUnits()).isEqualTo(9);
	}

	@Test
	void anAmbiguousFailureSparesTheBatchesBehindIt() {
		this.fixture = new Fixture(Fixture.settings(2, AmbiguousPolicy.DROP), 100, UsageSpool.none());
		for (int i = 0; i < 6; i++) {
			this.fixture.know("app" + i);
		}
		this.fixture.backend.failReports(Failures.ambiguous());
		this.fixture.started();
		for (int i = 0; i < 6; i++) {
			this.fixture.hit("app" + i);
		}
		assertThat(this.fixture.backend.requests()).hasSize(1);
		assertThat(this.fixture.statistics().ambiguousUnits()).isEqualTo(2);
		assertThat(this.fixture.statistics().pendingUnits()).isEqualTo(4);
	}

	@Test
	void aListenerThatFailsKeepsNothingFromTheOthers() {
		this.fixture.listener = (letter) -> {
			throw new AssertionError("a listener");
		};
		this.fixture.backend.failReports(Failures.misconfigured(ErrorCode.METRIC_INVALID));
		this.fixture.hit("anna");
		this.fixture.hit("bert");
		this.fixture.client.flush().block();
		assertThat(this.fixture.deadLetters).hasSize(2);
		assertThat(this.fixture.statistics().pendingCounters()).isZero();
	}

	@Test
	void theCulpritIsFoundAndTheOthersAreCounted() {
		this.fixture.backend.reports((request) -> mentions(request, "app5")
				? Mono.error(Failures.misconfigured(ErrorCode.NOT_VALID_DATA)) : Mono.empty());
		for (int i = 0; i < 8; i++) {
			this.fixture.know("app" + i);
			this.fixture.hit("app" + i);
		}
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.requests()).hasSize(7);
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 7L));
		assertThat(this.fixture.deadLetters).singleElement().satisfies((letter) -> {
			assertThat(letter.transaction().application()).isEqualTo(ApplicationCredentials.userKey("app5"));
			assertThat(letter.reason()).isEqualTo(Reason.REJECTED);
			assertThat(letter.code()).isEqualTo(ErrorCode.NOT_VALID_DATA);
		});
		assertThat(this.fixture.statistics().pendingCounters()).isZero();
	}

	@Test
	void anOutageDuringTheSearchKeepsTheRest() {
		AtomicInteger calls = new AtomicInteger();
		this.fixture.backend.reports((request) -> Mono
			.error((calls.getAndIncrement() == 0) ? Failures.misconfigured(ErrorCode.BAD_REQUEST) : Failures.unsent()));
		this.fixture.know("anna", "bert");
		this.fixture.hit("anna");
		this.fixture.hit("bert");
		this.fixture.client.flush().block();
		assertThat(calls).hasValue(2);
		assertThat(this.fixture.statistics().pendingUnits()).isEqualTo(2);
		assertThat(this.fixture.deadLetters).isEmpty();
	}

	@Test
	void aWrongTokenKeepsEverythingWithoutASearch() {
		this.fixture.backend.failReports(Failures.misconfigured(ErrorCode.SERVICE_TOKEN_INVALID));
		this.fixture.know("anna", "bert");
		this.fixture.hit("anna");
		this.fixture.hit("bert");
		this.fixture.hit("carl");
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.requests()).hasSize(1);
		assertThat(this.fixture.statistics().pendingUnits()).isEqualTo(3);
		assertThat(this.fixture.statistics().deadLetters()).isZero();
	}

	@Test
	void aRefusalWithoutReasonDoesNotHoldUpOthers() {
		this.fixture.backend
			.reports((request) -> mentions(request, "anna") ? Mono.error(Failures.misconfigured(null)) : Mono.empty());
		this.fixture.hit("anna");
		this.fixture.hitApart("bert", 1);
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.requests()).hasSize(2);
		assertThat(this.fixture.statistics().pendingUnits()).isOne();
	}

	@Test
	void ofAPartialReportOnlyTheRestIsKept() {
		this.fixture.backend.reports((request) -> Mono.error(new PartialReportException(1,
				request.transactions().subList(1, request.transactions().size()), Failures.unsent())));
		this.fixture.know("anna", "bert", "carl");
		List.of("anna", "bert", "carl").forEach(this.fixture::hit);
		this.fixture.client.flush().block();
		assertThat(this.fixture.statistics().deliveredUnits()).isOne();
		assertThat(this.fixture.statistics().pendingUnits()).isEqualTo(2);
	}

	@Test
	void anythingUnforeseenIsAmbiguous() {
		this.fixture.backend.failReports(new IllegalStateException("broken"));
		this.fixture.hit("anna");
		this.fixture.client.flush().block();
		assertThat(this.fixture.statistics().ambiguousUnits()).isOne();
	}

	@Test
	void whatFailsBeforeThereIsARequestWaits() {
		ReactiveThreeScaleClient broken = mock();
		given(broken.report(any(ReportRequest.class))).willThrow(new NoClassDefFoundError("gone"));
		BatchingThreeScaleClient client = new BatchingThreeScaleClient(broken, BatchingSettings.defaults(),
				new CounterLimit(100), UsageSpool.none(), this.fixture.time, this.fixture.time, List.of());
		client.start();
		client.report(Transaction.of(ApplicationCredentials.userKey("anna"), Usage.HIT)).block();
		client.flush().block();
		assertThat(client.statistics().pendingUnits()).isOne();
		assertThat(client.statistics().ambiguousUnits()).isZero();
	}

	@Test
	void onlyOneReportIsAtRiskWhileNothingComesFromThreeScale() {
		this.fixture.know("anna", "bert");
		this.fixture.backend.failReports(Failures.ambiguous());
		this.fixture.backend.answers((request) -> {
			throw Failures.ambiguous();
		});
		for (int second = 0; second < 60; second++) {
			this.fixture.hit("anna");
			this.fixture.client.deliver(ApplicationCredentials.userKey("anna")).onErrorComplete().block();
			this.fixture.time.advance(Duration.ofSeconds(1));
		}
		assertThat(this.fixture.backend.requests()).hasSize(1);
		assertThat(this.fixture.statistics().ambiguousUnits()).isOne();
		this.fixture.backend.acceptReports();
		this.fixture.backend
			.answers((request) -> new Authorization.Denied(ErrorCode.LIMITS_EXCEEDED, null, ApplicationStatus.UNKNOWN));
		this.fixture.time.advance(Duration.ofMinutes(2));
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 59L));
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void anOutageIsLoggedWhenItBeginsAndWhenItIsOver(CapturedOutput output) {
		this.fixture.backend.failReports(Failures.unsent());
		for (int i = 0; i < 30; i++) {
			this.fixture.hit("anna");
			this.fixture.time.advance(Duration.ofSeconds(1));
		}
		assertThat(output).containsOnlyOnce("Usage cannot be reported");
		this.fixture.backend.acceptReports();
		this.fixture.time.advance(Duration.ofMinutes(2));
		assertThat(output).containsOnlyOnce("Usage is reported again after");
	}

	@Test
	void aClockThatGoesBackHoldsNothingUp() {
		this.fixture.backend.failReports(Failures.unsent());
		this.fixture.hit("anna");
		this.fixture.client.flush().block();
		this.fixture.backend.acceptReports();
		this.fixture.time.setBack(Duration.ofHours(1));
		this.fixture.hit("anna");
		this.fixture.time.advance(Duration.ofMinutes(2));
		assertThat(this.fixture.backend.counted()).containsEntry("hits", 1L);
		this.fixture.time.jump(Duration.ofMinutes(10));
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 2L));
	}

	@Test
	void aListenerThatFailsChangesNothing() {
		this.fixture = new Fixture();
		BatchingThreeScaleClient client = new BatchingThreeScaleClient(this.fixture.backend,
				BatchingSettings.defaults(), new CounterLimit(100), UsageSpool.none(), this.fixture.time,
				this.fixture.time, List.of((letter) -> {
					throw new IllegalStateException("listener");
				}, this.fixture.deadLetters::add));
		client.start();
		this.fixture.backend.failReports(Failures.misconfigured(ErrorCode.METRIC_INVALID));
		client.report(Transaction.of(ApplicationCredentials.userKey("anna"), Usage.HIT)).block();
		client.flush().block();
		assertThat(this.fixture.deadLetters).hasSize(1);
		assertThat(client.statistics().pendingCounters()).isZero();
	}

	private static boolean mentions(ReportRequest request, String userKey) {
		return request.transactions()
			.stream()
			.anyMatch((it) -> it.application().equals(ApplicationCredentials.userKey(userKey)));
	}

}

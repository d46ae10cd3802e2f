package io.threescale.spring.client.reporting;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.PartialReportException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.reporting.spool.UsageSpool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BatchingThreeScaleClientTests {

	private static final ApplicationCredentials ANNA = ApplicationCredentials.userKey("anna");

	private final Fixture fixture = new Fixture().started();

	@Test
	void addsUpCallsOfAMinuteAndTellsWhenTheyWere() {
		this.fixture.know("anna");
		this.fixture.hit("anna", 2);
		this.fixture.time.advance(Duration.ofSeconds(1));
		this.fixture.hit("anna", 3);
		assertThat(this.fixture.backend.requests()).isEmpty();
		this.fixture.time.advance(Fixture.INTERVAL);
		assertThat(this.fixture.backend.transactions())
			.containsExactly(new Transaction(ANNA, Usage.of("hits", 5), Instant.parse("2026-11-23T03:04:00Z"), null));
	}

	@Test
	void keepsMinutesMetricsAndCodesApart() {
		this.fixture.know("anna");
		Instant earlier = Instant.parse("2026-11-23T03:01:59Z");
		this.fixture.report(Transaction.of(ANNA, Usage.of("hits").and("search", 2)).withResponseCode(200),
				Transaction.of(ANNA, Usage.HIT).withResponseCode(404), Transaction.of(ANNA, Usage.HIT).at(earlier));
		this.fixture.client.flush().block();
		Instant minute = Instant.parse("2026-11-23T03:04:00Z");
		assertThat(this.fixture.backend.transactions()).containsExactlyInAnyOrder(
				new Transaction(ANNA, Usage.of("hits"), minute, 200),
				new Transaction(ANNA, Usage.of("search", 2), minute, null),
				new Transaction(ANNA, Usage.of("hits"), minute, 404),
				new Transaction(ANNA, Usage.of("hits"), Instant.parse("2026-11-23T03:01:00Z"), null));
	}

	@Test
	void neverSendsKeysOfApplications() {
		this.fixture.report(Transaction.of(ApplicationCredentials.appId("id", "one"), Usage.HIT),
				Transaction.of(ApplicationCredentials.appId("id", "two"), Usage.HIT));
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.transactions()).singleElement().satisfies((transaction) -> {
			assertThat(transaction.application()).isEqualTo(ApplicationCredentials.appId("id"));
			assertThat(transaction.usage()).isEqualTo(Usage.of("hits", 2));
		});
	}

	@Test
	void usageThatCountsNothingIsNotSent() {
		this.fixture.report(Transaction.of(ANNA, Usage.of("hits", 0)), Transaction.of(ANNA, Usage.NONE));
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.requests()).isEmpty();
	}

	@Test
	void flatUsageDoesNotShareARequestWithOther() {
		this.fixture.know("anna");
		this.fixture.hit("anna");
		this.fixture.client.report(new ReportRequest(java.util.List.of(Transaction.of(ANNA, Usage.HIT)), true)).block();
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.requests()).extracting(ReportRequest::flatUsage)
			.containsExactlyInAnyOrder(true, false);
	}

	@Test
	void knownApplicationsShareARequestAndOthersAreAskedAboutBefore() {
		this.fixture.know("anna", "bert");
		this.fixture.hit("anna");
		this.fixture.hit("bert");
		this.fixture.hit("carl");
		this.fixture.hit("dora");
		int known = this.fixture.backend.questions().size();
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.requests()).extracting((request) -> request.transactions().size())
			.containsExactly(2, 2);
		assertThat(this.fixture.backend.questions()).hasSize(known + 2)
			.allMatch((
					question) -> question.usage().increments().values().stream().mapToLong(Long::longValue).sum() <= 1);
		this.fixture.hit("dora");
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.questions()).hasSize(known + 2);
	}

	@Test
	void whatAnApplicationUsesThatThreeScaleDoesNotHaveIsADeadLetter() {
		this.fixture.know("anna");
		this.fixture.backend.answers(
				(request) -> new Authorization.Denied(ErrorCode.USER_KEY_INVALID, null, ApplicationStatus.UNKNOWN));
		this.fixture.hit("anna");
		this.fixture.hit("nobody", 5);
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 1L));
		assertThat(this.fixture.statistics().deliveredUnits()).isOne();
		assertThat(this.fixture.deadLetters).singleElement().satisfies((letter) -> {
			assertThat(letter.transaction().application()).isEqualTo(ApplicationCredentials.userKey("nobody"));
			assertThat(letter.code()).isEqualTo(ErrorCode.USER_KEY_INVALID);
		});
		assertThat(this.fixture.statistics().pendingCounters()).isZero();
	}

	/** A report needs no key, and its application may be suspended. */
	@Test
	void anApplicationThatIsDeniedForAnotherReasonIsThere() {
		this.fixture.backend.answers((request) -> new Authorization.Denied(ErrorCode.APPLICATION_KEY_INVALID, null,
				ApplicationStatus.UNKNOWN));
		this.fixture.hit("anna");
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 1L));
	}

	@Test
	void anAnswerToAQuestionAboutAnApplicationEndsAnOutage() {
		this.fixture.know("anna");
		this.fixture.backend.failReports(Failures.unsent());
		this.fixture.hit("anna");
		this.fixture.client.flush().block();
		this.fixture.know("bert");
		int questions = this.fixture.backend.questions().size();
		this.fixture.backend.acceptReports();
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.questions()).hasSize(questions);
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 1L));
	}

	@Test
	void applicationsAreKnownForALimitedTimeAndUntilDenied() {
		this.fixture.know("anna", "bert", "carl");
		this.fixture.backend.answers(
				(request) -> new Authorization.Denied(ErrorCode.USER_KEY_INVALID, null, ApplicationStatus.UNKNOWN));
		this.fixture.know("carl");
		this.fixture.hit("anna");
		this.fixture.hit("bert");
		this.fixture.hit("carl");
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 2L));
		assertThat(this.fixture.deadLetters).hasSize(1);
		this.fixture.time.jump(Duration.ofMinutes(11));
		this.fixture.hit("anna");
		this.fixture.hit("bert");
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 2L));
		assertThat(this.fixture.deadLetters).hasSize(3);
	}

	@Test
	void anUnknownMetricDoesNotVoidOthers() {
		this.fixture.know("anna", "bert");
		this.fixture.hit("anna");
		this.fixture.hit("bert");
		this.fixture.report(Transaction.of(ANNA, Usage.of("tpyo")));
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.requests()).extracting((request) -> Set.copyOf(
				request.transactions().stream().flatMap((it) -> it.usage().increments().keySet().stream()).toList()))
			.containsExactlyInAnyOrder(Set.of("hits"), Set.of("tpyo"));
	}

	@Test
	void usageOfAMetricThatWasNeverAskedAboutSharesARequest() {
		this.fixture.know("anna", "bert");
		this.fixture.report(Transaction.of(ANNA, Usage.of("tokens", 3)));
		this.fixture.report(Transaction.of(ApplicationCredentials.userKey("bert"), Usage.of("tokens", 4)));
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.requests()).hasSize(1);
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("tokens", 7L));
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void saysThatItDoesNotStartAgain(CapturedOutput output) {
		this.fixture.client.stop(Duration.ZERO);
		this.fixture.client.start();
		assertThat(output).contains("does not start again");
		this.fixture.hit("anna");
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 1L));
	}

	@Test
	void aFlushThatIsAskedForDuringAnotherDeliversWhatCameMeanwhile() {
		this.fixture.know("anna");
		Sinks.Empty<Void> answer = Sinks.empty();
		this.fixture.backend.reports((request) -> answer.asMono());
		this.fixture.hit("anna", 3);
		this.fixture.client.flush().subscribe();
		this.fixture.hit("anna", 4);
		this.fixture.backend.acceptReports();
		Mono<?> second = this.fixture.client.flush().cache();
		second.subscribe();
		answer.tryEmitEmpty();
		second.block();
		assertThat(this.fixture.statistics().deliveredUnits()).isEqualTo(7);
		assertThat(this.fixture.statistics().pendingUnits()).isZero();
	}

	@Test
	void flushesEarlyWhenMuchIsPending() {
		Fixture small = new Fixture(Fixture.settings(3, AmbiguousPolicy.DROP), 100, UsageSpool.none()).started();
		small.know("a", "b", "c");
		small.hit("a");
		small.hit("b");
		assertThat(small.backend.requests()).isEmpty();
		small.hit("c");
		assertThat(small.backend.requests()).hasSize(1);
		small.hit("a", 999_999);
		assertThat(small.backend.requests()).hasSize(1);
		small.hit("a", 1);
		assertThat(small.backend.requests()).hasSize(2);
		assertThat(small.backend.counted()).isEqualTo(Map.of("hits", 1_000_003L));
	}

	@Test
	void batchesStayWithinTheirSize() {
		Fixture small = new Fixture(Fixture.settings(3, AmbiguousPolicy.DROP), 100, UsageSpool.none()).started();
		small.backend.failReports(Failures.unsent());
		for (int i = 0; i < 8; i++) {
			small.know("app" + i);
			small.hit("app" + i);
		}
		int before = small.backend.requests().size();
		small.backend.acceptReports();
		small.client.flush().block();
		assertThat(small.backend.requests().subList(before, small.backend.requests().size()))
			.extracting((request) -> request.transactions().size())
			.containsExactly(3, 3, 2);
	}

	@Test
	void whenFullReportsWithinTheCall() {
		Fixture small = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP), 2, UsageSpool.none()).started();
		small.know("a", "b", "c");
		small.hit("a");
		small.hit("b");
		small.hit("c");
		assertThat(small.backend.transactions()).singleElement()
			.extracting(Transaction::application)
			.isEqualTo(ApplicationCredentials.userKey("c"));
		small.hit("a");
		assertThat(small.backend.requests()).hasSize(1);
		assertThat(small.statistics().synchronousReports()).isOne();
		small.client.flush().block();
		small.hit("c");
		assertThat(small.statistics().synchronousReports()).isOne();
		small.client.flush().block();
		assertThat(small.backend.counted()).isEqualTo(Map.of("hits", 5L));
	}

	@Test
	void whenSomeOfATransactionHasNoRoomAllOfItIsReportedWithinTheCall() {
		Fixture small = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP), 2, UsageSpool.none()).started();
		small.know("a", "anna");
		small.hit("a");
		small.backend.failReports(Failures.unsent());
		Transaction transaction = Transaction.of(ANNA, Usage.of("hits").and("search", 2)).withResponseCode(200);
		assertThatExceptionOfType(ThreeScaleUnavailableException.class).isThrownBy(() -> small.report(transaction));
		assertThat(small.backend.transactions()).containsExactly(transaction.at(small.time.instant()));
		assertThat(small.statistics().pendingUnits()).isOne();
		small.hit("anna");
		assertThat(small.statistics().synchronousReports()).isOne();
	}

	@Test
	void whenFullATransactionThatNeedsNoRoomIsTaken() {
		Fixture small = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP), 2, UsageSpool.none()).started();
		small.know("anna");
		Transaction transaction = Transaction.of(ANNA, Usage.of("hits").and("search", 2));
		small.report(transaction, transaction);
		assertThat(small.backend.requests()).isEmpty();
		small.client.flush().block();
		assertThat(small.backend.counted()).isEqualTo(Map.of("hits", 2L, "search", 4L));
		assertThat(small.statistics().pendingCounters()).isZero();
	}

	@Test
	void whatIsReportedWithinTheCallIsInTheBookWhileItIsUnderWay() {
		Fixture small = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP), 1, UsageSpool.none()).started();
		Sinks.Empty<Void> answer = Sinks.empty();
		small.know("a", "anna");
		small.hit("a");
		small.backend.reports((request) -> answer.asMono());
		small.client.report(Transaction.of(ANNA, Usage.of("hits", 7))).subscribe();
		assertThat(unshown(small)).isEqualTo(7);
		answer.tryEmitEmpty();
		assertThat(unshown(small)).isEqualTo(7);
		small.backend.failReports(Failures.unsent());
		small.client.report(Transaction.of(ANNA, Usage.of("hits", 5))).onErrorComplete().subscribe();
		assertThat(unshown(small)).isEqualTo(7);
		small.time.advance(Duration.ofMinutes(1));
		assertThat(small.client.book().find(small.client.book().hasher().application(ANNA))).isNull();
	}

	@Test
	void callsOfSeveralMetricsThatThreeScaleCountsTakeNoRoomEach() {
		Fixture small = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP), 100, UsageSpool.none()).started();
		UsageBook book = small.client.book();
		Usage usage = Usage.of("hits").and("search", 2);
		for (int i = 0; i < 1_000; i++) {
			book.within(ANNA, (anna) -> anna.reserve(usage)).counted(small.time.instant(), book.time().read());
		}
		assertThat(book.hasRoom()).isTrue();
		assertThat(small.client.unconfirmed(ANNA)).isEqualTo(Usage.of(Map.of("hits", 1_000L, "search", 2_000L)));
	}

	private static long unshown(Fixture fixture) {
		AtomicLong units = new AtomicLong();
		fixture.client.book()
			.of(fixture.client.book().hasher().application(ANNA), ANNA)
			.forEachUnshown((metric, minute, more) -> units.addAndGet(more), null);
		return units.get();
	}

	@Test
	void inAnOutageNothingIsReportedWithinTheCallBeforeThreeScaleAnswers() {
		Fixture small = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP), 1, UsageSpool.none()).started();
		small.know("a", "anna");
		small.hit("a");
		small.backend.failReports(Failures.ambiguous());
		small.backend.answers((request) -> {
			throw Failures.unsent();
		});
		for (int i = 0; i < 10; i++) {
			assertThat(small.client.report(Transaction.of(ANNA, Usage.HIT)).materialize().block().isOnError()).isTrue();
		}
		assertThat(small.backend.requests()).hasSize(1);
		small.backend.answers((request) -> new Authorization.Granted(ApplicationStatus.UNKNOWN));
		small.backend.acceptReports();
		small.report(Transaction.of(ANNA, Usage.HIT));
		assertThat(small.backend.counted()).isEqualTo(Map.of("hits", 1L));
	}

	@Test
	void whenFullTheCallLearnsOfFailure() {
		Fixture small = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP), 1, UsageSpool.none()).started();
		small.hit("a");
		small.backend.failReports(Failures.unsent());
		assertThat(small.client.report(Transaction.of(ANNA, Usage.HIT)).onErrorComplete().materialize().block())
			.isNotNull();
		assertThatExceptionOfType(ThreeScaleUnavailableException.class)
			.isThrownBy(() -> small.report(Transaction.of(ANNA, Usage.HIT)));
	}

	@Test
	void sumsNeverExceedWhatOneTransactionTakes() {
		this.fixture.hit("anna", Usage.MAX_AMOUNT);
		this.fixture.hit("anna", 7);
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", Usage.MAX_AMOUNT + 7));
		assertThat(this.fixture.statistics().synchronousReports()).isZero();
		assertThat(this.fixture.statistics().pendingCounters()).isZero();
	}

	@Test
	void settingACounterFollowsWhatIsPending() {
		this.fixture.hit("anna");
		this.fixture.report(Transaction.of(ANNA, Usage.NONE.andSet("hits", 9)));
		assertThat(this.fixture.backend.transactions()).extracting(Transaction::usage)
			.containsExactly(Usage.HIT, Usage.NONE.andSet("hits", 9));
	}

	@Test
	void settlesOneApplicationAndWaitsForWhatIsUnderWay() {
		Sinks.Empty<Void> answer = Sinks.empty();
		this.fixture.backend.reports((request) -> answer.asMono());
		this.fixture.hit("anna");
		this.fixture.hit("bert");
		this.fixture.client.deliver(ANNA).subscribe();
		Mono<Void> second = this.fixture.client.deliver(ANNA).cache();
		assertThat(second.toFuture()).isNotDone();
		assertThat(this.fixture.backend.requests()).hasSize(1);
		assertThat(this.fixture.statistics().pendingUnits()).isEqualTo(2);
		answer.tryEmitEmpty();
		assertThat(second.toFuture()).isCompleted();
		assertThat(this.fixture.backend.requests()).hasSize(1);
		assertThat(this.fixture.statistics().pendingUnits()).isOne();
	}

	@Test
	void doesNotTakeForSettledWhatSomebodyElseCouldNotDeliver() {
		Sinks.Empty<Void> answer = Sinks.empty();
		this.fixture.backend.reports((request) -> answer.asMono());
		this.fixture.hit("anna");
		Mono<Void> first = this.fixture.client.deliver(ANNA).cache();
		Mono<Void> second = this.fixture.client.deliver(ANNA).cache();
		assertThat(first.toFuture()).isNotDone();
		assertThat(second.toFuture()).isNotDone();
		answer.tryEmitError(Failures.unsent());
		assertThat(first.toFuture()).isCompletedExceptionally();
		assertThat(second.toFuture()).isCompletedExceptionally();
		assertThat(this.fixture.statistics().pendingUnits()).isOne();
	}

	@Test
	void tellsWhatIsPendingForOneApplicationUntilItIsDelivered() {
		Sinks.Empty<Void> answer = Sinks.empty();
		this.fixture.backend.reports((request) -> answer.asMono());
		this.fixture.know("anna", "bert");
		this.fixture.report(Transaction.of(ANNA, Usage.of("hits", 4).and("search", 1)));
		this.fixture.hit("bert");
		this.fixture.client.flush().subscribe();
		this.fixture.hit("anna", 3);
		assertThat(this.fixture.client.pending(ANNA)).isEqualTo(Usage.of(Map.of("hits", 7L, "search", 1L)));
		answer.tryEmitEmpty();
		assertThat(this.fixture.client.pending(ANNA)).isEqualTo(Usage.of("hits", 3));
		this.fixture.client.flush().block();
		assertThat(this.fixture.client.pending(ANNA)).isEqualTo(Usage.NONE);
	}

	@Test
	void doesNotTakeForSettledWhatComesBackMeanwhile() {
		Sinks.Empty<Void> first = Sinks.empty();
		Sinks.Empty<Void> second = Sinks.empty();
		this.fixture.backend
			.reports((request) -> ((this.fixture.backend.requests().size() == 1) ? first : second).asMono());
		this.fixture.hit("anna", 4);
		this.fixture.client.flush().subscribe();
		this.fixture.hit("anna");
		Mono<Void> settlement = this.fixture.client.deliver(ANNA).cache();
		assertThat(settlement.toFuture()).isNotDone();
		first.tryEmitError(Failures.unsent());
		second.tryEmitEmpty();
		assertThat(settlement.toFuture()).isCompletedExceptionally();
		assertThat(this.fixture.statistics().pendingUnits()).isEqualTo(5);
	}

	@Test
	void aCallerWhoGivesUpDoesNotStopASettlement() {
		Sinks.Empty<Void> answer = Sinks.empty();
		this.fixture.backend.reports((request) -> answer.asMono());
		this.fixture.hit("anna");
		this.fixture.client.deliver(ANNA).subscribe().dispose();
		answer.tryEmitEmpty();
		assertThat(this.fixture.statistics().deliveredUnits()).isOne();
		assertThat(this.fixture.statistics().pendingCounters()).isZero();
	}

	@Test
	void usageTooOldOrTooNewIsADeadLetter() {
		Instant now = this.fixture.time.instant();
		this.fixture.report(Transaction.of(ANNA, Usage.HIT).at(now.minus(Duration.ofHours(24))),
				Transaction.of(ANNA, Usage.HIT).at(now.plus(Duration.ofDays(2))));
		assertThat(this.fixture.deadLetters).extracting(DeadLetter::reason)
			.containsOnly(DeadLetter.Reason.OUTSIDE_WINDOW)
			.hasSize(2);
		this.fixture.hit("anna");
		this.fixture.time.jump(Duration.ofHours(23).plusMinutes(1));
		this.fixture.hit("bert");
		this.fixture.client.flush().block();
		assertThat(this.fixture.deadLetters).hasSize(3);
		assertThat(this.fixture.statistics().deadLetters()).isEqualTo(3);
		assertThat(this.fixture.backend.requests()).hasSize(1);
		assertThat(this.fixture.statistics().pendingCounters()).isZero();
	}

	@Test
	void usageThatIsAheadOfTheClockWaitsUntilThreeScaleTakesIt() {
		this.fixture.hit("anna");
		this.fixture.time.setBack(Duration.ofHours(1));
		this.fixture.client.flush().block();
		assertThat(this.fixture.backend.requests()).isEmpty();
		this.fixture.time.jump(Duration.ofMinutes(6));
		this.fixture.client.flush().block();
		assertThat(this.fixture.deadLetters).isEmpty();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 1L));
	}

	@Test
	void aTransactionWithoutUsageIsRefusedWithItsResponseCode() {
		Transaction transaction = Transaction.of(ANNA, Usage.NONE).withResponseCode(200);
		assertThatIllegalArgumentException().isThrownBy(() -> this.fixture.report(transaction))
			.withMessageContaining("response code");
	}

	@Test
	void ofSeveralTransactionsThatDoNotFitInOnlyTheRejectedOnesAreToldBack() {
		Fixture full = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP), 1, UsageSpool.none()).started();
		full.know("a", "b", "c");
		full.hit("a");
		full.backend.reports((request) -> request.transactions().get(0).usage().increments().containsKey("bad")
				? Mono.error(Failures.misconfigured(ErrorCode.METRIC_INVALID)) : Mono.empty());
		Transaction bad = Transaction.of(ApplicationCredentials.userKey("b"), Usage.of("bad"));
		Transaction good = Transaction.of(ApplicationCredentials.userKey("c"), Usage.HIT);
		assertThatExceptionOfType(PartialReportException.class).isThrownBy(() -> full.report(bad, good))
			.satisfies((ex) -> assertThat(ex.remaining()).containsExactly(bad.at(full.time.instant())));
		assertThat(full.backend.counted()).isEqualTo(Map.of("hits", 1L));
	}

	@Test
	void applicationsNobodyKnowsHaveASmallShareOfTheRoomAndGoLast() {
		Fixture fixture = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP), 100, UsageSpool.none()).started();
		fixture.know("good");
		fixture.backend.failReports(Failures.unsent());
		for (int i = 0; i < 1_000; i++) {
			fixture.client.report(Transaction.of(ApplicationCredentials.userKey("random" + i), Usage.HIT))
				.onErrorComplete()
				.block();
		}
		assertThat(fixture.statistics().pendingCounters()).isEqualTo(10);
		fixture.hit("good", 7);
		fixture.backend.acceptReports();
		int before = fixture.backend.requests().size();
		fixture.client.flush().block();
		assertThat(fixture.backend.requests().get(before).transactions()).extracting(Transaction::application)
			.containsExactly(ApplicationCredentials.userKey("good"));
	}

	@Test
	void tellsWhatIsPending() {
		this.fixture.hit("anna", 3);
		this.fixture.hit("bert", 4);
		this.fixture.time.advance(Duration.ofSeconds(2));
		BatchingStatistics statistics = this.fixture.statistics();
		assertThat(statistics.pendingCounters()).isEqualTo(2);
		assertThat(statistics.pendingUnits()).isEqualTo(7);
		assertThat(statistics.oldestPendingAge()).isEqualTo(Duration.ofSeconds(2));
		this.fixture.time.advance(Fixture.INTERVAL);
		assertThat(statistics.successfulFlushes()).isOne();
		assertThat(statistics.oldestPendingAge()).isZero();
	}

	@Test
	void beforeItIsStartedReportsWithinTheCall() {
		Fixture idle = new Fixture();
		idle.hit("anna");
		assertThat(idle.backend.requests()).hasSize(1);
	}

}

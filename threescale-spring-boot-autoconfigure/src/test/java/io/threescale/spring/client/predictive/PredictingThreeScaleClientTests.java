package io.threescale.spring.client.predictive;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.LimitHeaders;
import io.threescale.spring.Period;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReportRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PredictingThreeScaleClient}.
 */
class PredictingThreeScaleClientTests {

	private static final ApplicationCredentials APPLICATION = ApplicationCredentials.userKey("k");

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final SimulatedBackend backend = new SimulatedBackend(this.time);

	private Instance instance = new Instance(this.backend, this.time, Instance.settings(0.1, 1), 1);

	private final List<Authorization> answers = new ArrayList<>();

	private final List<Throwable> failures = new ArrayList<>();

	@Test
	void whenFarFromTheLimitThenAsksOnceAndReportsAll() {
		this.backend.limit("hits", Period.MINUTE, 1_000);
		call(500, Usage.of("search"));
		assertThat(this.answers).hasSize(500).allMatch(Authorization::isGranted);
		assertThat(this.backend.calls()).isEqualTo(1);
		pass(Duration.ofSeconds(10));
		assertThat(this.backend.accepted().values()).containsExactly(500L);
		assertThat(this.instance.client.statistics().localDecisions()).isEqualTo(500);
	}

	@Test
	void whenThePlanHasNoLimitsThenAsksOnce() {
		call(500, Usage.of("search"));
		assertThat(this.answers).hasSize(500).allMatch(Authorization::isGranted);
		assertThat(this.backend.calls()).isEqualTo(1);
	}

	@Test
	void whenNearTheLimitThenEachCallIsDecidedByTheBackendWithThePendingUsageSettled() {
		this.backend.limit("hits", Period.MINUTE, 100);
		call(90, Usage.HIT);
		assertThat(this.backend.authReps).isEmpty();
		call(1, Usage.HIT);
		assertThat(this.backend.reportedUnits()).isEqualTo(90);
		assertThat(this.backend.authReps).hasSize(1);
		call(20, Usage.HIT);
		assertThat(this.answers.stream().filter(Authorization::isGranted)).hasSize(100);
		assertThat(this.backend.accepted().values()).containsExactly(100L);
	}

	@Test
	void whenTheLimitIsExceededThenDeniesHereUntilThePeriodEnds() {
		this.backend.limit("hits", Period.MINUTE, 10);
		call(10, Usage.HIT);
		this.answers.clear();
		call(1, Usage.HIT);
		int calls = this.backend.calls();
		pass(Duration.ofSeconds(30));
		call(1, Usage.HIT);
		assertThat(this.backend.calls()).isEqualTo(calls);
		assertThat(this.answers).hasSize(2).allSatisfy((answer) -> {
			assertThat(answer).isInstanceOfSatisfying(Denied.class,
					(denied) -> assertThat(denied.code()).isEqualTo(ErrorCode.LIMITS_EXCEEDED));
			assertThat(answer.plan()).isEqualTo("plan");
		});
		assertThat(this.answers.get(1).status().limitHeaders()).isEqualTo(new LimitHeaders(0, 30, 10L));
		pass(Duration.ofSeconds(30));
		this.answers.clear();
		call(1, Usage.HIT);
		assertThat(this.answers).singleElement().matches(Authorization::isGranted);
	}

	@Test
	void whenAMetricIsDisabledThenSaysSo() {
		this.backend.limit("hits", Period.DAY, 0);
		call(2, Usage.of("list"));
		assertThat(this.answers)
			.allSatisfy((answer) -> assertThat(answer.status().limitHeaders()).matches(LimitHeaders::isMetricDisabled));
	}

	@Test
	void whenCredentialsAreInvalidThenTheDenialIsKeptBriefly() {
		this.backend.denial = ErrorCode.USER_KEY_INVALID;
		call(5, Usage.HIT);
		assertThat(this.backend.calls()).isEqualTo(1);
		this.backend.denial = null;
		pass(Duration.ofSeconds(11));
		call(1, Usage.HIT);
		assertThat(this.answers).hasSize(6).last().matches(Authorization::isGranted);
	}

	@Test
	void whenRandomKeysFloodThenAccountsStay() {
		call(1, Usage.HIT);
		this.backend.denial = ErrorCode.USER_KEY_INVALID;
		for (int i = 0; i < 20_000; i++) {
			this.instance.call(ApplicationCredentials.userKey("random-" + i), Usage.HIT).subscribe();
		}
		int calls = this.backend.calls();
		call(1, Usage.HIT);
		assertThat(this.backend.calls()).isEqualTo(calls);
		assertThat(this.answers).hasSize(2).allMatch(Authorization::isGranted);
	}

	@Test
	void whenManyWaitThenAsksOnceAndCancellingOneDisturbsNobody() {
		this.backend.latency = Duration.ofMillis(100);
		Disposable first = subscribe(Usage.HIT);
		for (int i = 0; i < 9; i++) {
			subscribe(Usage.HIT);
		}
		first.dispose();
		pass(Duration.ofMillis(100));
		assertThat(this.answers).hasSize(9);
		assertThat(this.backend.authorizes).hasSize(1);
	}

	@Test
	void whenAnAnswerAgesThenItIsRenewedAndNobodyWaits() {
		this.backend.limit("hits", Period.ETERNITY, 1_000);
		call(1, Usage.HIT);
		this.backend.latency = Duration.ofMillis(100);
		for (int second = 1; second <= 600; second++) {
			pass(Duration.ofSeconds(1));
			call(1, Usage.HIT);
			assertThat(this.answers).hasSize(second + 1);
		}
		assertThat(this.backend.authorizes).hasSizeBetween(10, 14);
		assertThat(this.backend.authReps).isEmpty();
	}

	@Test
	void whenManyAnswersAgeThenTheyAreNotRenewedAllAtOnce() {
		List<Integer> asked = new ArrayList<>();
		for (int second = 0; second < 60; second++) {
			for (int i = 0; i < 50; i++) {
				this.instance.call(ApplicationCredentials.userKey("k" + i), Usage.HIT).subscribe();
			}
			pass(Duration.ofSeconds(1));
			asked.add(this.backend.authorizes.size());
		}
		assertThat(asked.get(30)).isEqualTo(50);
		assertThat(asked.get(59)).isEqualTo(100);
		for (int second = 1; second < 60; second++) {
			assertThat(asked.get(second) - asked.get(second - 1)).as("asked in second %s", second).isLessThan(20);
		}
	}

	@Test
	void whenReportedUsageDoesNotShowYetThenItsHeadroomIsNotHandedOutAgain() {
		this.backend.limit("hits", Period.ETERNITY, 100);
		this.backend.lag = Duration.ofMillis(1_900);
		for (int i = 0; i < 300; i++) {
			call(1, Usage.HIT);
			pass(Duration.ofMillis(5));
		}
		pass(Duration.ofSeconds(20));
		assertThat(this.backend.accepted().values()).singleElement().matches((sum) -> sum <= 110);
	}

	@Test
	void whenAMetricIsUnknownThenTheBackendIsAskedEachTime() {
		call(1, Usage.HIT);
		this.backend.failure = new ThreeScaleMisconfiguredException("no such metric", ErrorCode.METRIC_INVALID);
		call(2, Usage.of("typo"));
		assertThat(this.failures).hasSize(2).allMatch(ThreeScaleMisconfiguredException.class::isInstance);
		call(1, Usage.HIT);
		assertThat(this.answers).hasSize(2);
	}

	@Test
	void whenTheBackendIsDownThenOnlyTheLastKnownAnswerHelps() {
		this.instance = new Instance(this.backend, this.time, lastKnown(Duration.ofMinutes(10)), 1);
		call(1, Usage.HIT);
		this.backend.failure = new ThreeScaleUnavailableException("down", false, null);
		pass(Duration.ofMinutes(5));
		call(1, Usage.HIT);
		assertThat(this.answers).hasSize(2);
		assertThat(this.instance.client.statistics().lastKnownDecisions()).isEqualTo(1);
		this.instance.call(ApplicationCredentials.userKey("unknown"), Usage.HIT)
			.subscribe(this.answers::add, this.failures::add);
		assertThat(this.failures).singleElement().isInstanceOf(ThreeScaleUnavailableException.class);
		pass(Duration.ofMinutes(7));
		call(1, Usage.HIT);
		assertThat(this.failures).hasSize(2);
		this.backend.failure = null;
		pass(Duration.ofSeconds(30));
		assertThat(this.backend.reportedUnits()).isEqualTo(2);
	}

	@Test
	void whenTheFirstAnswerOfAllIsLateThenItIsWaitedFor() {
		this.backend.latency = Duration.ofSeconds(2);
		call(2, Usage.HIT);
		pass(Duration.ofSeconds(2));
		assertThat(this.failures).isEmpty();
		assertThat(this.answers).hasSize(2).allMatch(Authorization::isGranted);
	}

	@Test
	void whenTheBackendIsLateThenTheCallGivesUpAndTheAnswerIsUsedAllTheSame() {
		this.instance.call(ApplicationCredentials.userKey("first"), Usage.HIT).subscribe();
		this.backend.authorizes.clear();
		this.backend.latency = Duration.ofSeconds(2);
		call(1, Usage.HIT);
		pass(Duration.ofSeconds(1));
		assertThat(this.failures).singleElement()
			.isInstanceOfSatisfying(ThreeScaleUnavailableException.class,
					(ex) -> assertThat(ex.isAmbiguous()).isFalse());
		pass(Duration.ofSeconds(1));
		call(1, Usage.HIT);
		assertThat(this.answers).singleElement().matches(Authorization::isGranted);
		assertThat(this.backend.authorizes).hasSize(1);
	}

	@Test
	void whenTheBackendDecidesLateNearALimitThenItsCallIsOnTheAccount() {
		this.backend.limit("hits", Period.ETERNITY, 10);
		call(9, Usage.HIT);
		this.backend.latency = Duration.ofSeconds(2);
		call(1, Usage.HIT);
		pass(Duration.ofSeconds(1));
		assertThat(this.failures).singleElement()
			.isInstanceOfSatisfying(ThreeScaleUnavailableException.class,
					(ex) -> assertThat(ex.isAmbiguous()).isTrue());
		pass(Duration.ofSeconds(10));
		this.backend.latency = Duration.ZERO;
		call(1, Usage.HIT);
		assertThat(this.answers).hasSize(10).last().isInstanceOf(Denied.class);
		assertThat(this.backend.accepted().values()).containsExactly(10L);
	}

	@Test
	void whenCountersAreSetThenTheBackendDecides() {
		call(1, Usage.NONE.andSet("hits", 5));
		assertThat(this.backend.authReps).hasSize(1);
	}

	@Test
	void shouldReportWithTheTimeOfTheCall() {
		call(1, Usage.HIT);
		Instant calledAt = this.backend.now();
		pass(Duration.ofSeconds(10));
		assertThat(this.backend.reported).singleElement()
			.satisfies((transaction) -> assertThat(transaction.timestamp())
				.isEqualTo(calledAt.truncatedTo(ChronoUnit.MINUTES)));
	}

	@Test
	void whenAnApplicationIsIdleThenItsUsageStaysOnItsAccount() {
		PredictionSettings settings = Instance.settings(0.1, 0.8);
		this.instance = new Instance(
				this.backend, this.time, new PredictionSettings(Duration.ofSeconds(5), settings.settleTime(),
						settings.decisionTimeout(), Duration.ZERO, settings.guard(), settings.headroomShare(), 1_000),
				1);
		this.backend.limit("hits", Period.DAY, 1_000);
		this.backend.lag = Duration.ofSeconds(1);
		for (int i = 0; i < 3; i++) {
			call(800, Usage.HIT);
			pass(Duration.ofMillis(5_500));
		}
		assertThat(this.answers.stream().filter(Authorization::isGranted)).hasSizeLessThanOrEqualTo(1_100);
	}

	@Test
	void whenReportsFailThenUsageStaysOnItsAccount() {
		this.backend.limit("hits", Period.ETERNITY, 100);
		for (int i = 0; i < 4; i++) {
			this.instance.reportFailure = new ThreeScaleUnavailableException("report fails", false, null);
			call(100, Usage.HIT);
			this.backend.failure = new ThreeScaleUnavailableException("down", false, null);
			pass(Duration.ofSeconds(61));
			this.backend.failure = null;
		}
		assertThat(this.answers.stream().filter(Authorization::isGranted)).hasSizeLessThanOrEqualTo(110);
	}

	@Test
	void whenThePlanChangesThenUsageStaysOnTheAccount() {
		this.backend.limit("hits", Period.ETERNITY, 100);
		this.backend.lag = Duration.ofSeconds(1);
		call(1, Usage.HIT);
		pass(Duration.ofSeconds(61));
		call(80, Usage.HIT);
		this.backend.limit("list", Period.ETERNITY, 1_000);
		this.instance.client
			.authRep(AuthorizationRequest.of(APPLICATION, Usage.HIT).withReferrer("asked about for the first time"))
			.subscribe(this.answers::add);
		call(80, Usage.HIT);
		pass(Duration.ofSeconds(20));
		assertThat(this.answers.stream().filter(Authorization::isGranted)).hasSizeBetween(100, 110);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whenAnEarlierProcessHasLeftUsageThenItIsOnTheAccount(boolean delivered) {
		this.backend.limit("hits", Period.ETERNITY, 100);
		this.backend.lag = Duration.ofSeconds(1);
		call(80, Usage.HIT);
		pass(Duration.ofMillis(200));
		this.instance = this.instance.next(this.time, Instance.settings(0.1, 1), 2);
		this.instance.reportFailure = delivered ? null
				: new ThreeScaleUnavailableException("report fails", false, null);
		call(80, Usage.HIT);
		assertThat(this.answers.stream().filter(Authorization::isGranted)).hasSizeLessThanOrEqualTo(110);
		this.instance.reportFailure = null;
		pass(Duration.ofSeconds(20));
		assertThat(this.backend.accepted().values()).allMatch((sum) -> sum >= 100 && sum <= 110);
	}

	@Test
	void whenACallIsCountedInTheNextPeriodThenItIsOnTheAccountOfThat() {
		this.backend.limit("hits", Period.MINUTE, 10);
		this.backend.lag = Duration.ofSeconds(5);
		this.time.advanceTimeBy(Duration.ofMillis(59_700));
		call(9, Usage.HIT);
		this.backend.latency = Duration.ofMillis(200);
		this.backend.unreadable = true;
		call(1, Usage.HIT);
		pass(Duration.ofMillis(500));
		assertThat(this.backend.authReps).hasSize(1);
		this.backend.latency = Duration.ZERO;
		this.backend.unreadable = false;
		call(20, Usage.HIT);
		pass(Duration.ofSeconds(20));
		assertThat(this.backend.accepted().values()).hasSize(2).allMatch((sum) -> sum <= 11);
	}

	@Test
	void whenACallIsCountedInTheNextPeriodAndItsAnswerIsOvertakenThenItIsOnTheAccountAsWell() {
		this.backend.limit("hits", Period.MINUTE, 10);
		this.backend.lag = Duration.ofSeconds(5);
		this.time.advanceTimeBy(Duration.ofSeconds(35));
		call(9, Usage.HIT);
		pass(Duration.ofMillis(24_500));
		this.backend.latency = Duration.ofMillis(600);
		call(1, Usage.HIT);
		pass(Duration.ofMillis(100));
		this.backend.latency = Duration.ZERO;
		this.instance.client.authRep(AuthorizationRequest.of(APPLICATION, Usage.HIT).withReferrer("elsewhere"))
			.subscribe();
		pass(Duration.ofMillis(600));
		call(20, Usage.HIT);
		pass(Duration.ofSeconds(20));
		assertThat(this.backend.accepted().values()).hasSize(2).allMatch((sum) -> sum <= 11);
	}

	@Test
	void whenAnAnswerIsOfThePeriodThatIsOverThenWhatThisOneHasShownStays() {
		this.backend.limit("hits", Period.MINUTE, 100);
		this.time.advanceTimeBy(Duration.ofMillis(60_100));
		useElsewhere(85);
		call(1, Usage.HIT);
		this.backend.behind = Duration.ofMillis(200);
		this.instance.client.authRep(AuthorizationRequest.of(APPLICATION, Usage.HIT).withReferrer("elsewhere"))
			.subscribe();
		this.backend.behind = Duration.ZERO;
		call(50, Usage.HIT);
		pass(Duration.ofSeconds(10));
		assertThat(this.backend.accepted().values()).containsExactly(100L);
	}

	@Test
	void whenTheLastKnownAnswerIsADayOldThenWhatWasUsedSinceIsOnTheAccount() {
		this.instance = new Instance(this.backend, this.time, lastKnown(Duration.ofDays(1)), 1);
		this.backend.limit("hits", Period.YEAR, 100);
		call(60, Usage.HIT);
		pass(Duration.ofSeconds(15));
		assertThat(this.backend.reportedUnits()).isEqualTo(60);
		this.backend.failure = new ThreeScaleUnavailableException("down", false, null);
		pass(Duration.ofHours(23));
		this.answers.clear();
		call(100, Usage.HIT);
		assertThat(this.answers.stream().filter(Authorization::isGranted)).hasSize(50);
	}

	private void useElsewhere(long units) {
		this.backend
			.report(ReportRequest
				.of(List.of(Transaction.of(APPLICATION, Usage.of("hits", units)).at(this.backend.now()))))
			.block();
		this.time.advanceTime();
	}

	@Test
	void whenTheClockGoesBackIntoTheLastPeriodThenTheBackendDecides() {
		this.backend.limit("hits", Period.MINUTE, 100);
		this.time.advanceTimeBy(Duration.ofMillis(59_900));
		call(89, Usage.HIT);
		this.time.advanceTimeBy(Duration.ofMillis(200));
		call(1, Usage.HIT);
		this.backend.skew = Duration.ofMillis(-200);
		call(50, Usage.HIT);
		pass(Duration.ofSeconds(20));
		assertThat(this.backend.accepted().values()).allMatch((sum) -> sum <= 110);
		assertThat(this.backend.authReps).isNotEmpty();
	}

	private static PredictionSettings lastKnown(Duration duration) {
		PredictionSettings settings = Instance.settings(0.1, 1);
		return new PredictionSettings(settings.timeToLive(), settings.settleTime(), settings.decisionTimeout(),
				duration, settings.guard(), settings.headroomShare(), settings.maxApplications());
	}

	@Test
	void whenUsageIsKnownAfterwardsThenAsksOnceAndReportsWhatWasUsed() {
		this.backend.limit("hits", Period.MINUTE, 1_000);
		for (int i = 0; i < 100; i++) {
			authorize(Usage.HIT);
			use(Usage.of("hits", 5));
		}
		assertThat(this.answers).hasSize(100).allMatch(Authorization::isGranted);
		assertThat(this.backend.calls()).isEqualTo(1);
		pass(Duration.ofSeconds(10));
		assertThat(this.backend.accepted().values()).containsExactly(500L);
	}

	@Test
	void whenUsageIsKnownAfterwardsThenItIsOnTheAccountBeforeTheBackendShowsIt() {
		this.backend.limit("hits", Period.MINUTE, 100);
		authorize(Usage.HIT);
		use(Usage.of("hits", 99));
		call(10, Usage.HIT);
		assertThat(this.answers.stream().filter(Authorization::isGranted)).hasSize(2);
		assertThat(this.backend.accepted().values()).containsExactly(100L);
	}

	@Test
	void whenForeseenUsageIsNearTheLimitThenTheBackendDecidesWithThePendingUsageSettled() {
		this.backend.limit("hits", Period.MINUTE, 100);
		call(80, Usage.HIT);
		authorize(Usage.of("hits", 20));
		authorize(Usage.of("hits", 21));
		assertThat(this.backend.reportedUnits()).isEqualTo(80);
		assertThat(this.answers.get(80)).matches(Authorization::isGranted);
		assertThat(this.answers.get(81)).isInstanceOf(Denied.class);
	}

	@Test
	void whenACallerGivesUpDuringTheSettlementThenItsUsageIsNotOnTheAccountForGood() {
		this.backend.limit("hits", Period.DAY, 300);
		call(100, Usage.HIT);
		this.backend.latency = Duration.ofMillis(500);
		this.instance.client.authorize(APPLICATION, Usage.of("hits", 190)).subscribe().dispose();
		pass(Duration.ofSeconds(1));
		this.backend.latency = Duration.ZERO;
		for (int i = 0; i < 10; i++) {
			pass(Duration.ofSeconds(20));
			call(10, Usage.HIT);
		}
		assertThat(this.answers).hasSize(200).allMatch(Authorization::isGranted);
		assertThat(this.backend.authReps).isEmpty();
	}

	@Test
	void whenTheBackendIsDownThenTheLastKnownAnswerForeseesToo() {
		this.instance = new Instance(this.backend, this.time, lastKnown(Duration.ofHours(1)), 1);
		authorize(Usage.HIT);
		this.backend.failure = new ThreeScaleUnavailableException("down", false, null);
		pass(Duration.ofMinutes(10));
		authorize(Usage.HIT);
		assertThat(this.answers).hasSize(2).allMatch(Authorization::isGranted);
		assertThat(this.failures).isEmpty();
	}

	private void authorize(Usage usage) {
		this.instance.client.authorize(APPLICATION, usage).subscribe(this.answers::add, this.failures::add);
		this.time.advanceTime();
	}

	private void use(Usage usage) {
		this.instance.client.report(Transaction.of(APPLICATION, usage).at(this.backend.now()))
			.subscribe(null, this.failures::add);
		this.time.advanceTime();
	}

	private void call(int times, Usage usage) {
		for (int i = 0; i < times; i++) {
			subscribe(usage);
		}
		pass(Duration.ZERO);
	}

	private Disposable subscribe(Usage usage) {
		return this.instance.call(APPLICATION, usage).subscribe(this.answers::add, this.failures::add);
	}

	private void pass(Duration duration) {
		this.time.advanceTimeBy(duration);
	}

}

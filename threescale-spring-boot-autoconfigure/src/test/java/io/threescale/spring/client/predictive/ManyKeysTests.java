package io.threescale.spring.client.predictive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.Period;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Extension;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an application has one account, whatever its callers bring along and
 * whatever 3scale answers.
 */
class ManyKeysTests {

	private static final int LIMIT = 10;

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final SimulatedBackend backend = new SimulatedBackend(this.time).limit("hits", Period.ETERNITY, LIMIT);

	private final Instance instance = new Instance(this.backend, this.time, Instance.settings(0.1, 1), 1);

	private final List<Authorization> answers = new ArrayList<>();

	private final List<Throwable> failures = new ArrayList<>();

	@Test
	void shouldKeepTheBoundWhenEachCallMakesUpAKey() {
		this.backend.lag = Duration.ofSeconds(1);
		for (int i = 0; i < 100; i++) {
			authRep(AuthorizationRequest.of(ApplicationCredentials.appId("app", "made-up-" + i)));
		}
		pass(Duration.ofSeconds(20));
		assertThat(this.backend.accepted().values()).singleElement().matches((sum) -> sum <= LIMIT + 1);
	}

	@Test
	void shouldKeepTheBoundWhenEachCallHasAReferrer() {
		for (int i = 0; i < 100; i++) {
			authRep(AuthorizationRequest.of(ApplicationCredentials.userKey("k")).withReferrer("site-" + i));
		}
		pass(Duration.ofSeconds(20));
		assertThat(this.backend.accepted().values()).containsExactly((long) LIMIT);
	}

	@Test
	void shouldPutWhatIsKnownAfterwardsOnTheAccountWhateverTheReferrer() {
		AuthorizationRequest request = AuthorizationRequest.of(ApplicationCredentials.appId("app", "secret"))
			.withReferrer("site");
		for (int i = 0; i < 100; i++) {
			this.instance.client.authorize(request)
				.filter(Authorization::isGranted)
				.flatMap((granted) -> this.instance.client
					.report(Transaction.of(request.application(), Usage.HIT).at(this.backend.now())))
				.subscribe();
		}
		pass(Duration.ofSeconds(20));
		assertThat(this.backend.accepted().values()).containsExactly((long) LIMIT);
	}

	@Test
	void shouldNotGoBackToAnAnswerThatANewerOneHasOvertaken() {
		authRep(AuthorizationRequest.of(ApplicationCredentials.appId("app", "one")));
		this.backend.delay = () -> Duration.ofSeconds(20);
		authRep(AuthorizationRequest.of(ApplicationCredentials.appId("app", "two")));
		this.backend.delay = () -> Duration.ZERO;
		for (int i = 0; i < LIMIT - 2; i++) {
			authRep(AuthorizationRequest.of(ApplicationCredentials.appId("app", "one")));
		}
		pass(Duration.ofSeconds(10));
		authRep(AuthorizationRequest.of(ApplicationCredentials.appId("app", "three")));
		pass(Duration.ofSeconds(5));
		authRep(AuthorizationRequest.of(ApplicationCredentials.appId("app", "four")));
		pass(Duration.ofSeconds(5));
		this.backend.lag = Duration.ofSeconds(5);
		for (int i = 0; i < LIMIT; i++) {
			authRep(AuthorizationRequest.of(ApplicationCredentials.appId("app", "one")));
		}
		pass(Duration.ofSeconds(20));
		assertThat(this.backend.accepted().values()).singleElement().matches((sum) -> sum <= LIMIT + 1);
	}

	@Test
	void shouldAskAboutEachKeyAndForgetNoneOfAnotherApplication() {
		authRep(AuthorizationRequest.of(ApplicationCredentials.userKey("good")));
		for (int i = 0; i < 5_000; i++) {
			authRep(AuthorizationRequest.of(ApplicationCredentials.appId("bad", "made-up-" + i), Usage.of("other")));
		}
		assertThat(this.backend.authorizes).hasSize(5_001);
		assertThat(this.instance.client.statistics().applications()).isEqualTo(2);
		authRep(AuthorizationRequest.of(ApplicationCredentials.userKey("good")));
		assertThat(this.backend.authorizes).hasSize(5_001);
	}

	@Test
	void shouldForgetApplicationsThatComeOnceBeforeThoseThatComeAgain() {
		AuthorizationRequest good = AuthorizationRequest.of(ApplicationCredentials.userKey("good"), Usage.of("other"));
		for (int i = 0; i < 2_500; i++) {
			authRep(good);
			authRep(AuthorizationRequest.of(ApplicationCredentials.userKey("made-up-" + i), Usage.of("other")));
		}
		assertThat(this.instance.client.statistics().applications()).isLessThanOrEqualTo(1_000);
		assertThat(this.backend.authorizes).hasSize(2_501);
		assertThat(this.answers).hasSize(5_000).allMatch(Authorization::isGranted);
	}

	@Test
	void shouldDenyOneKeyAndKeepTheOthers() {
		AuthorizationRequest good = AuthorizationRequest.of(ApplicationCredentials.appId("app", "good"));
		AuthorizationRequest bad = AuthorizationRequest.of(ApplicationCredentials.appId("app", "bad"));
		authRep(good);
		this.backend.denial = ErrorCode.APPLICATION_KEY_INVALID;
		authRep(bad);
		authRep(bad);
		authRep(good);
		assertThat(this.answers).extracting(Authorization::isGranted).containsExactly(true, false, false, true);
		assertThat(this.backend.authorizes).hasSize(2);
	}

	@Test
	void shouldStopAKeyThatWasRevokedAtItsRenewal() {
		AuthorizationRequest request = AuthorizationRequest.of(ApplicationCredentials.appId("app", "good"));
		authRep(request);
		this.backend.denial = ErrorCode.APPLICATION_KEY_INVALID;
		pass(Duration.ofSeconds(50));
		authRep(request);
		pass(Duration.ofSeconds(5));
		authRep(request);
		assertThat(this.answers).extracting(Authorization::isGranted).containsExactly(true, true, false);
	}

	@Test
	void shouldLearnNothingFromAnAnswerThatCannotBeRead() {
		this.backend.unreadable = true;
		for (int i = 0; i < 5; i++) {
			authRep(AuthorizationRequest.of(ApplicationCredentials.userKey("k")));
		}
		assertThat(this.backend.authReps).hasSize(5);
		this.backend.unreadable = false;
		for (int i = 0; i < 100; i++) {
			authRep(AuthorizationRequest.of(ApplicationCredentials.userKey("k")));
		}
		pass(Duration.ofSeconds(20));
		assertThat(this.backend.accepted().values()).containsExactly((long) LIMIT);
	}

	@Test
	void shouldCountNearTheLimitWhatIsAnsweredUnreadably() {
		AuthorizationRequest request = AuthorizationRequest.of(ApplicationCredentials.userKey("k"));
		for (int i = 0; i < 9; i++) {
			authRep(request);
		}
		this.backend.lag = Duration.ofSeconds(1);
		this.backend.unreadable = true;
		for (int i = 0; i < 20; i++) {
			authRep(request);
		}
		pass(Duration.ofSeconds(20));
		assertThat(this.backend.accepted().values()).singleElement().matches((sum) -> sum <= LIMIT + 1);
	}

	@Test
	void shouldNotTakeAnAnswerWithoutABodyForAPlanWithoutLimits() {
		AuthorizationRequest request = AuthorizationRequest.of(ApplicationCredentials.userKey("k"));
		authRep(request.with(Extension.NO_BODY));
		for (int i = 0; i < 100; i++) {
			authRep(request);
		}
		pass(Duration.ofSeconds(20));
		assertThat(this.backend.accepted().values()).singleElement().matches((sum) -> sum <= LIMIT + 1);
	}

	@Test
	void shouldCountEveryCallWhenAnAccountIsGoneBeforeItDecides() {
		this.backend.latency = Duration.ofMillis(10);
		AuthorizationRequest request = AuthorizationRequest.of(ApplicationCredentials.userKey("k"));
		for (int i = 0; i < 5; i++) {
			this.instance.client.authRep(request)
				.doOnNext((answer) -> this.instance.client.forget())
				.subscribe(this.answers::add);
		}
		pass(Duration.ofSeconds(20));
		assertThat(this.answers).hasSize(5).allMatch(Authorization::isGranted);
		assertThat(this.backend.accepted().values()).containsExactly(5L);
	}

	@Test
	void shouldShareNoQuestionBetweenMetricsThatMayNotBeThere() {
		this.backend.latency = Duration.ofMillis(10);
		this.backend.missing = "typo";
		ApplicationCredentials application = ApplicationCredentials.userKey("k");
		authRep(AuthorizationRequest.of(application));
		authRep(AuthorizationRequest.of(application, Usage.of("typo")));
		authRep(AuthorizationRequest.of(application));
		pass(Duration.ofSeconds(20));
		assertThat(this.answers).hasSize(2).allMatch(Authorization::isGranted);
		assertThat(this.failures).singleElement().isInstanceOf(ThreeScaleMisconfiguredException.class);
		assertThat(this.backend.authorizes).hasSize(2);
	}

	@Test
	void shouldGiveBackWhatIsReservedWhenAQuestionFailsUnforeseen() {
		for (int i = 0; i < 9; i++) {
			authRep(AuthorizationRequest.of(ApplicationCredentials.userKey("k")));
		}
		this.instance.authRepFailure = new IllegalStateException("unforeseen");
		for (int i = 0; i < 20; i++) {
			authRep(AuthorizationRequest.of(ApplicationCredentials.userKey("k")));
		}
		this.instance.authRepFailure = null;
		authRep(AuthorizationRequest.of(ApplicationCredentials.userKey("k")));
		assertThat(this.failures).hasSize(20);
		assertThat(this.answers).hasSize(10).last().isInstanceOf(Granted.class);
	}

	@Test
	void shouldTellTheLimitAsItStandsWhenAsked() {
		this.backend.limits.clear();
		this.backend.limit("hits", Period.MINUTE, 100).limit("hits", Period.DAY, 1_000);
		pass(Duration.ofSeconds(20));
		for (int i = 0; i < 5; i++) {
			authRep(AuthorizationRequest.of(ApplicationCredentials.userKey("k"), Usage.of("search", 4))
				.with(Extension.LIMIT_HEADERS));
		}
		assertThat(this.answers).extracting(Authorization::status)
			.extracting(ApplicationStatus::limitHeaders)
			.extracting("remaining", "reset", "maxValue")
			.containsExactly(limit(24), limit(23), limit(22), limit(21), limit(20));
	}

	private static Tuple limit(long remaining) {
		return Tuple.tuple(remaining, 40L, 100L);
	}

	@Test
	void shouldDenyByTheLimitWhateverTheKey() {
		for (int i = 0; i < 30; i++) {
			authRep(AuthorizationRequest.of(ApplicationCredentials.appId("app", (i % 2 == 0) ? "one" : "two")));
		}
		assertThat(this.answers.subList(20, 30))
			.allSatisfy((answer) -> assertThat(answer).isInstanceOfSatisfying(Denied.class,
					(denied) -> assertThat(denied.code()).isEqualTo(ErrorCode.LIMITS_EXCEEDED)));
	}

	private void authRep(AuthorizationRequest request) {
		this.instance.client.authRep(request).subscribe(this.answers::add, this.failures::add);
		this.time.advanceTime();
	}

	private void pass(Duration duration) {
		this.time.advanceTimeBy(duration);
	}

}

package io.threescale.spring.metering;

import java.time.Clock;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.reporting.KnownMetrics;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.TestPublisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Methods that are called at the same time decide one after the other.
 */
class CurrentCallTests {

	private final CurrentCall current = new CurrentCall();

	private final Sinks.One<String> first = Sinks.one();

	private final TestPublisher<String> second = TestPublisher.create();

	private final TestPublisher<String> third = TestPublisher.create();

	@Test
	void whenOneIsDecidedThenTheNextDecides() {
		this.current.inTurn(this.first.asMono()).subscribe();
		this.current.inTurn(this.second.mono()).subscribe();
		this.second.assertWasNotSubscribed();
		this.first.tryEmitValue("decided");
		this.second.assertWasSubscribed();
	}

	@Test
	void whenOneFailsThenTheNextDecides() {
		this.current.inTurn(this.first.asMono()).subscribe((value) -> {
		}, (ex) -> {
		});
		this.current.inTurn(this.second.mono()).subscribe();
		this.first.tryEmitError(new IllegalStateException());
		this.second.assertWasSubscribed();
	}

	@Test
	void whenOneGivesUpWaitingThenTheNextWaitsOn() {
		this.current.inTurn(this.first.asMono()).subscribe();
		Disposable waiting = this.current.inTurn(this.second.mono()).subscribe();
		this.current.inTurn(this.third.mono()).subscribe();
		waiting.dispose();
		this.third.assertWasNotSubscribed();
		this.first.tryEmitValue("decided");
		this.third.assertWasSubscribed();
		this.second.assertWasNotSubscribed();
	}

	/** 3scale may have counted it already. */
	@Test
	void whenOneGivesUpDecidingThenTheNextWaitsForTheDecision() {
		Disposable deciding = this.current.inTurn(this.first.asMono()).subscribe();
		this.current.inTurn(this.second.mono()).subscribe();
		deciding.dispose();
		this.second.assertWasNotSubscribed();
		this.first.tryEmitValue("decided");
		this.second.assertWasSubscribed();
	}

	@Test
	void whenOneGivesUpDecidingThenTheNextIsPartOfACallThatIsCharged() {
		MeteredCall call = call(true);
		giveUpDeciding(call);
		assertThat(this.current.get()).isSameAs(call);
	}

	@Test
	void whenOneGivesUpDecidingThenTheNextIsNoPartOfACallThatIsNotCharged() {
		giveUpDeciding(call(false));
		assertThat(this.current.get()).isNull();
	}

	private void giveUpDeciding(MeteredCall call) {
		this.current.inTurn(this.first.asMono().doOnNext((decided) -> this.current.set(call))).subscribe().dispose();
		this.first.tryEmitValue("decided");
	}

	private static MeteredCall call(boolean charged) {
		MeteredService service = new MeteredService("1001", mock(ReactiveThreeScaleClient.class), (request) -> null,
				null, new KnownMetrics());
		return new Admission(MeteredOperation.of("work", Usage.HIT), service, ApplicationCredentials.userKey("key-1"),
				null, charged)
			.answered(new Granted(ApplicationStatus.UNKNOWN), Enforcement.ENFORCE, Clock.systemUTC());
	}

	@Test
	void whenAllGiveUpThenWhoComesLaterDecides() {
		Disposable deciding = this.current.inTurn(this.first.asMono()).subscribe();
		Disposable waiting = this.current.inTurn(Mono.never()).subscribe();
		waiting.dispose();
		deciding.dispose();
		this.first.tryEmitValue("decided");
		assertThat(this.current.inTurn(Mono.just("later")).block()).isEqualTo("later");
	}

}

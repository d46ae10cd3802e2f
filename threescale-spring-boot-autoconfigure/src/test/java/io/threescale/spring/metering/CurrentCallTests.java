package io.threescale.spring.metering;

import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.TestPublisher;

import static org.assertj.core.api.Assertions.assertThat;

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

	@Test
	void whenOneGivesUpDecidingThenTheNextDecides() {
		Disposable deciding = this.current.inTurn(this.first.asMono()).subscribe();
		this.current.inTurn(this.second.mono()).subscribe();
		deciding.dispose();
		this.second.assertWasSubscribed();
	}

	@Test
	void whenAllGiveUpThenWhoComesLaterDecides() {
		Mono<String> never = Mono.never();
		Disposable deciding = this.current.inTurn(never).subscribe();
		Disposable waiting = this.current.inTurn(never).subscribe();
		waiting.dispose();
		deciding.dispose();
		assertThat(this.current.inTurn(Mono.just("later")).block()).isEqualTo("later");
	}

}

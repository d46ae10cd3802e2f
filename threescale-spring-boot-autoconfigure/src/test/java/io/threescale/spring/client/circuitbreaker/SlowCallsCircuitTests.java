package io.threescale.spring.client.circuitbreaker;

import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.client.circuitbreaker.Circuit.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SlowCallsCircuit}.
 */
class SlowCallsCircuitTests {

	private static final Duration QUICK = Duration.ofMillis(20);

	private static final Duration SLOW = Duration.ofSeconds(1);

	private final AtomicLong now = new AtomicLong(-1_000);

	private final Circuit circuit = new SlowCallsCircuit(SLOW, this.now::get);

	private final List<State> states = new ArrayList<>();

	@BeforeEach
	void listen() {
		this.circuit.onTransition(this.states::add);
	}

	@Test
	void whenTenCallsInARowAreUnansweredThenOpens() {
		unanswered(9);
		this.circuit.answered(QUICK);
		unanswered(9);
		assertThat(this.circuit.tryEnter()).isTrue();
		unanswered(1);
		assertThat(this.circuit.tryEnter()).isFalse();
		assertThat(this.states).containsExactly(State.OPEN);
	}

	@Test
	void whenTenAnswersInARowAreSlowThenOpens() {
		for (int i = 0; i < 10; i++) {
			this.circuit.answered(SLOW);
		}
		assertThat(this.circuit.state()).isEqualTo(State.OPEN);
	}

	@Test
	void whenFourOfFiveOfTheLast20WithinTenSecondsAreUnansweredThenOpens() {
		four(Duration.ofMillis(400));
		assertThat(this.circuit.state()).isEqualTo(State.OPEN);
	}

	@Test
	void whenTheLast20AreSpreadOverMoreTimeThenStaysClosed() {
		four(Duration.ofMillis(600));
		assertThat(this.circuit.state()).isEqualTo(State.CLOSED);
	}

	private void four(Duration interval) {
		for (int i = 0; i < 4; i++) {
			assertThat(this.circuit.state()).isEqualTo(State.CLOSED);
			this.circuit.answered(QUICK);
			pass(interval);
			for (int j = 0; j < 4; j++) {
				unanswered(1);
				pass(interval);
			}
		}
	}

	@Test
	void whenSomebodyElseAnswersQuicklyOrTimeWasShortThenStaysClosed() {
		for (int i = 0; i < 100; i++) {
			this.circuit.failed(QUICK, new ThreeScaleUnavailableException("status 503", false, null));
			this.circuit.failed(QUICK, new ThreeScaleUnavailableException("late", true, new TimeoutException()));
		}
		assertThat(this.circuit.state()).isEqualTo(State.CLOSED);
		for (int i = 0; i < 10; i++) {
			this.circuit.failed(SLOW, new ThreeScaleUnavailableException("late", true, new TimeoutException()));
		}
		assertThat(this.circuit.state()).isEqualTo(State.OPEN);
	}

	@Test
	void whenOpenForFiveSecondsThenLetsOneCallThroughAndClosesWithItsAnswer() {
		unanswered(10);
		pass(Duration.ofMillis(4_999));
		assertThat(this.circuit.tryEnter()).isFalse();
		pass(Duration.ofMillis(1));
		assertThat(this.circuit.tryEnter()).isTrue();
		assertThat(this.circuit.tryEnter()).isFalse();
		this.circuit.cancelled();
		assertThat(this.circuit.tryEnter()).isTrue();
		this.circuit.answered(QUICK);
		assertThat(this.circuit.tryEnter()).isTrue();
		unanswered(9);
		assertThat(this.states).containsExactly(State.OPEN, State.HALF_OPEN, State.CLOSED);
	}

	@Test
	void whenTheOneCallIsUnansweredThenOpensAgain() {
		unanswered(10);
		pass(Duration.ofSeconds(5));
		assertThat(this.circuit.tryEnter()).isTrue();
		unanswered(1);
		pass(Duration.ofMillis(4_999));
		assertThat(this.circuit.tryEnter()).isFalse();
		assertThat(this.states).containsExactly(State.OPEN, State.HALF_OPEN, State.OPEN);
	}

	private void unanswered(int times) {
		for (int i = 0; i < times; i++) {
			this.circuit.failed(QUICK, new ThreeScaleUnavailableException("refused", false, new ConnectException()));
		}
	}

	private void pass(Duration time) {
		this.now.addAndGet(time.toNanos());
	}

}

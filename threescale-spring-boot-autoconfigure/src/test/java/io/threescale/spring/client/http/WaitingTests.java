package io.threescale.spring.client.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Waiting}.
 */
class WaitingTests {

	private final AtomicLong now = new AtomicLong(1_000);

	private final Waiting waiting = new Waiting(2, this.now::get);

	@Test
	void whileAnswersComePromptlyAnyNumberMayWait() {
		for (int i = 0; i < 100; i++) {
			long since = this.now.get();
			assertThat(this.waiting.enter()).isTrue();
			pass(100);
			this.waiting.answered(since);
		}
		assertThat(this.waiting.isCrowded()).isFalse();
	}

	@Test
	void whenNothingIsAnsweredThenAFewMayWait() {
		assertThat(this.waiting.enter()).isTrue();
		pass(300);
		assertThat(this.waiting.enter()).isTrue();
		assertThat(this.waiting.enter()).isFalse();
		this.waiting.leave();
		assertThat(this.waiting.enter()).isTrue();
		assertThat(this.waiting.enter()).isFalse();
	}

	@Test
	void whenAnswersAreSlowThenAFewMayWait() {
		long since = this.now.get();
		assertThat(this.waiting.enter()).isTrue();
		pass(300);
		this.waiting.answered(since);
		assertThat(this.waiting.enter()).isTrue();
		assertThat(this.waiting.enter()).isFalse();
	}

	@Test
	void whenNobodyHasWaitedThenSilenceMeansNothing() {
		pass(10_000);
		for (int i = 0; i < 10; i++) {
			assertThat(this.waiting.enter()).isTrue();
		}
		assertThat(this.waiting.isCrowded()).isFalse();
		pass(300);
		assertThat(this.waiting.isCrowded()).isTrue();
	}

	private void pass(long millis) {
		this.now.addAndGet(Duration.ofMillis(millis).toNanos());
	}

}

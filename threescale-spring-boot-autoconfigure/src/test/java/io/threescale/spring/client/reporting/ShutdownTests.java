package io.threescale.spring.client.reporting;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.threescale.spring.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class ShutdownTests {

	private final Fixture fixture = new Fixture().started();

	@Test
	void deliversWhatIsPendingEvenWithoutAScheduler() {
		this.fixture.hit("anna", 4);
		this.fixture.time.reject();
		this.fixture.stop();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 4L));
		assertThat(this.fixture.client.isRunning()).isFalse();
	}

	@Test
	void reportsWithinTheCallAfterwards() {
		this.fixture.stop();
		this.fixture.hit("anna");
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 1L));
		this.fixture.stop();
	}

	@Test
	void logsTheSumOfWhatIsLostButNoSecret(CapturedOutput output) {
		this.fixture.backend.failReports(Failures.unsent());
		this.fixture.hit("secret-key", 4);
		this.fixture.stop();
		assertThat(output).contains("Usage is lost").contains("{hits=4}").doesNotContain("secret-key");
		assertThat(this.fixture.statistics().lostUnits()).isEqualTo(4);
	}

	@Test
	void triesAgainAfterAFailure() {
		AtomicInteger calls = new AtomicInteger();
		this.fixture.backend
			.reports((request) -> (calls.incrementAndGet() <= 2) ? Mono.error(Failures.unsent()) : Mono.empty());
		this.fixture.hit("anna", 4);
		this.fixture.hit("bert", 3);
		this.fixture.stop();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 7L));
		assertThat(this.fixture.statistics().lostUnits()).isZero();
	}

	@Test
	void triesLessAndLessOftenUntilTheDeadline() {
		this.fixture.backend.failReports(Failures.unsent());
		this.fixture.hit("anna");
		Instant begin = this.fixture.time.instant();
		this.fixture.stop();
		assertThat(this.fixture.backend.requests()).hasSize(6);
		assertThat(Duration.between(begin, this.fixture.time.instant())).isEqualTo(Duration.ofSeconds(5));
	}

	@Test
	void givesUpWhenItCannotWaitForAnotherTry() {
		this.fixture.backend.failReports(Failures.unsent());
		this.fixture.hit("anna", 4);
		this.fixture.time.reject();
		this.fixture.stop();
		assertThat(this.fixture.backend.requests()).hasSize(1);
		assertThat(this.fixture.statistics().lostUnits()).isEqualTo(4);
	}

	@Test
	void doesNotWaitBeyondTheDeadline(CapturedOutput output) {
		this.fixture.backend.reports((request) -> Mono.never());
		this.fixture.hit("anna", 4);
		this.fixture.client.stop(Duration.ofMillis(20));
		assertThat(output).contains("could not be reported within PT0.02S")
			.contains("may or may not have been counted");
		assertThat(this.fixture.statistics().ambiguousUnits()).isEqualTo(4);
	}

	@Test
	void triesNothingWithoutTimeForIt() {
		this.fixture.hit("anna", 4);
		this.fixture.client.stop(Duration.ZERO);
		assertThat(this.fixture.backend.requests()).isEmpty();
		assertThat(this.fixture.statistics().lostUnits()).isEqualTo(4);
	}

	@Test
	void takesARefusalForAnAnswer() {
		this.fixture.backend.failReports(Failures.misconfigured(ErrorCode.SERVICE_TOKEN_INVALID));
		this.fixture.hit("anna", 4);
		this.fixture.stop();
		assertThat(this.fixture.backend.requests()).hasSize(1);
		assertThat(this.fixture.statistics().lostUnits()).isEqualTo(4);
	}

	@Test
	void triesAgainAfterAnAmbiguousFailureAsTheRestWouldBeLost() {
		AtomicInteger calls = new AtomicInteger();
		this.fixture.backend
			.reports((request) -> (calls.incrementAndGet() == 1) ? Mono.error(Failures.ambiguous()) : Mono.empty());
		this.fixture.hit("anna", 4);
		this.fixture.hitApart("bert", 4);
		this.fixture.stop();
		assertThat(this.fixture.statistics().ambiguousUnits()).isEqualTo(4);
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 4L));
	}

	@Test
	void whatIsDeliveredInPartIsAmbiguousInPart() {
		this.fixture.know("anna", "bert");
		this.fixture.backend.reports((request) -> switch (this.fixture.backend.requests().size()) {
			case 1 -> Mono.error(Failures.misconfigured(ErrorCode.NOT_VALID_DATA));
			case 2 -> Mono.empty();
			default -> Mono.never();
		});
		this.fixture.hit("anna", 4);
		this.fixture.hit("bert", 4);
		this.fixture.client.flush().subscribe();
		assertThat(this.fixture.statistics().pendingUnits()).isEqualTo(4);
		this.fixture.client.stop(Duration.ofMillis(20));
		assertThat(this.fixture.statistics().deliveredUnits()).isEqualTo(4);
		assertThat(this.fixture.statistics().ambiguousUnits()).isEqualTo(4);
	}

	@Test
	void deliversWhatComesBackMeanwhile() throws Exception {
		Sinks.Empty<Void> first = Sinks.empty();
		this.fixture.backend
			.reports((request) -> (this.fixture.backend.requests().size() == 1) ? first.asMono() : Mono.empty());
		this.fixture.hit("anna", 4);
		this.fixture.client.flush().subscribe();
		this.fixture.hit("bert");
		Thread stop = new Thread(this.fixture::stop);
		stop.start();
		await().until(() -> !this.fixture.client.isRunning());
		first.tryEmitError(Failures.unsent());
		stop.join();
		assertThat(this.fixture.statistics().lostUnits()).isZero();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 5L));
	}

	@Test
	void whatItHasGivenUpIsNeitherSentNorCountedAgain() {
		Sinks.Empty<Void> answer = Sinks.empty();
		this.fixture.know("anna", "bert");
		this.fixture.backend
			.reports((request) -> (this.fixture.backend.requests().size() == 1) ? answer.asMono() : Mono.empty());
		this.fixture.hit("anna", 4);
		this.fixture.hit("bert", 4);
		this.fixture.client.flush().subscribe();
		this.fixture.client.stop(Duration.ofMillis(20));
		answer.tryEmitError(Failures.misconfigured(ErrorCode.NOT_VALID_DATA));
		assertThat(this.fixture.backend.requests()).hasSize(1);
		assertThat(this.fixture.statistics().ambiguousUnits()).isEqualTo(8);
		assertThat(this.fixture.statistics().deliveredUnits()).isZero();
		assertThat(this.fixture.statistics().pendingCounters()).isZero();
	}

	@Test
	void takesNothingInWhenSomethingComesBackAfterwards() {
		Sinks.Empty<Void> answer = Sinks.empty();
		this.fixture.backend
			.reports((request) -> (this.fixture.backend.requests().size() == 1) ? answer.asMono() : Mono.empty());
		this.fixture.hit("anna", 4);
		this.fixture.client.flush().subscribe();
		this.fixture.client.stop(Duration.ofMillis(20));
		answer.tryEmitError(Failures.unsent());
		this.fixture.hit("anna", 7);
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 7L));
		assertThat(this.fixture.statistics().pendingUnits()).isZero();
	}

	@Test
	void nothingSlipsInWhileItStops() throws Exception {
		AtomicBoolean stop = new AtomicBoolean();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		Future<Long> adder = executor.submit(() -> {
			long hits = 0;
			while (!stop.get()) {
				this.fixture.hit("app" + hits % 7);
				hits++;
			}
			return hits;
		});
		while (this.fixture.statistics().pendingUnits() < 1000) {
			Thread.onSpinWait();
		}
		this.fixture.stop();
		stop.set(true);
		long hits = adder.get();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", hits));
		executor.shutdown();
	}

}

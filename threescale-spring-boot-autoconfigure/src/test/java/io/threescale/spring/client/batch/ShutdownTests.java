package io.threescale.spring.client.batch;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class ShutdownTests {

	private final Fixture fixture = new Fixture().started();

	@Test
	void deliversWhatIsPendingEvenWithoutAScheduler() {
		this.fixture.hit("anna", 4);
		this.fixture.time.reject();
		this.fixture.client.stop(Duration.ofSeconds(5));
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 4L));
		assertThat(this.fixture.client.isRunning()).isFalse();
	}

	@Test
	void reportsWithinTheCallAfterwards() {
		this.fixture.client.stop(Duration.ofSeconds(5));
		this.fixture.hit("anna");
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 1L));
		this.fixture.client.stop(Duration.ofSeconds(5));
	}

	@Test
	void logsTheSumOfWhatIsLostButNoSecret(CapturedOutput output) {
		this.fixture.backend.failReports(Failures.unsent());
		this.fixture.hit("secret-key", 4);
		this.fixture.client.stop(Duration.ofSeconds(5));
		assertThat(output).contains("Usage is lost").contains("{hits=4}").doesNotContain("secret-key");
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
		this.fixture.client.stop(Duration.ofSeconds(5));
		stop.set(true);
		long hits = adder.get();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", hits));
		executor.shutdown();
	}

}

package io.threescale.spring.observation;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.threescale.spring.client.reporting.BatchingStatistics;
import io.threescale.spring.client.predictive.PredictionStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * What is shown of the decisions in the process and of the reports in batches.
 */
class PredictiveMetersTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	@ParameterizedTest
	@CsvSource({ "flushes, delivered, 1", "flushes, failed, 2", "units, delivered, 3", "units, ambiguous, 4",
			"units, lost, 5", "dead.letters, rejected, 6", "transactions, synchronous, 7", "spool.writes, failed, 8" })
	void whatBecameOfReportsIsCounted(String what, String outcome, double count) {
		BatchingStatistics statistics = mock();
		given(statistics.successfulFlushes()).willReturn(1L);
		given(statistics.failedFlushes()).willReturn(2L);
		given(statistics.deliveredUnits()).willReturn(3L);
		given(statistics.ambiguousUnits()).willReturn(4L);
		given(statistics.lostUnits()).willReturn(5L);
		given(statistics.deadLetters()).willReturn(6L);
		given(statistics.synchronousReports()).willReturn(7L);
		given(statistics.spoolFailures()).willReturn(8L);
		new ReportingMeters(statistics, "1001").bindTo(this.registry);
		assertThat(this.registry.get("threescale.reporting." + what)
			.tags("service", "1001", "outcome", outcome)
			.functionCounter()
			.count()).isEqualTo(count);
	}

	@Test
	void whatIsPendingIsShown() {
		BatchingStatistics statistics = mock();
		given(statistics.pendingUnits()).willReturn(42L);
		given(statistics.pendingCounters()).willReturn(3);
		given(statistics.oldestPendingAge()).willReturn(Duration.ofSeconds(5));
		new ReportingMeters(statistics, null).bindTo(this.registry);
		assertThat(this.registry.get("threescale.reporting.pending").tag("service", "default").gauge().value())
			.isEqualTo(42);
		assertThat(this.registry.get("threescale.reporting.pending.counters").gauge().value()).isEqualTo(3);
		assertThat(this.registry.get("threescale.reporting.pending.age").timeGauge().value(TimeUnit.SECONDS))
			.isEqualTo(5);
	}

	@Test
	void decisionsAreCountedByTheirSourceAndTheCacheIsShown() {
		PredictionStatistics statistics = mock();
		given(statistics.localDecisions()).willReturn(1L);
		given(statistics.backendDecisions()).willReturn(2L);
		given(statistics.lastKnownDecisions()).willReturn(3L);
		given(statistics.applications()).willReturn(4L);
		given(statistics.hitRate()).willReturn(0.5);
		new PredictionMeters(statistics, "1001").bindTo(this.registry);
		assertThat(decisions("local")).isEqualTo(1);
		assertThat(decisions("backend")).isEqualTo(2);
		assertThat(decisions("last-known")).isEqualTo(3);
		assertThat(this.registry.get("threescale.prediction.applications").gauge().value()).isEqualTo(4);
		assertThat(this.registry.get("threescale.prediction.hit.ratio").gauge().value()).isEqualTo(0.5);
	}

	private double decisions(String source) {
		return this.registry.get("threescale.prediction.decisions")
			.tags("service", "1001", "source", source)
			.functionCounter()
			.count();
	}

}

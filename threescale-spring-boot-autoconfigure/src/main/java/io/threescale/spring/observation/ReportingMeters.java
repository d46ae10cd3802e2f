package io.threescale.spring.observation;

import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.threescale.spring.client.reporting.BatchingStatistics;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

/**
 * Shows what becomes of reported usage, in {@code threescale.reporting.*}.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class ReportingMeters implements MeterBinder {

	private final BatchingStatistics statistics;

	private final Tags tags;

	/**
	 * Create the meters.
	 * @param statistics what to show
	 * @param serviceId the id of the service, or {@code null} for the default one
	 */
	public ReportingMeters(BatchingStatistics statistics, @Nullable String serviceId) {
		this.statistics = statistics;
		this.tags = Tags.of("service", (serviceId != null) ? serviceId : "default");
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("threescale.reporting.pending", this.statistics, BatchingStatistics::pendingUnits)
			.description("Units that wait to be reported")
			.tags(this.tags)
			.register(registry);
		Gauge.builder("threescale.reporting.pending.counters", this.statistics, BatchingStatistics::pendingCounters)
			.description("Counters that wait to be reported")
			.tags(this.tags)
			.register(registry);
		TimeGauge
			.builder("threescale.reporting.pending.age", this.statistics, TimeUnit.MILLISECONDS,
					(statistics) -> statistics.oldestPendingAge().toMillis())
			.description("How long the oldest usage has been waiting")
			.tags(this.tags)
			.register(registry);
		count(registry, "flushes", "delivered", BatchingStatistics::successfulFlushes);
		count(registry, "flushes", "failed", BatchingStatistics::failedFlushes);
		count(registry, "units", "delivered", BatchingStatistics::deliveredUnits);
		count(registry, "units", "ambiguous", BatchingStatistics::ambiguousUnits);
		count(registry, "units", "lost", BatchingStatistics::lostUnits);
		count(registry, "dead.letters", "rejected", BatchingStatistics::deadLetters);
		count(registry, "transactions", "synchronous", BatchingStatistics::synchronousReports);
		count(registry, "spool.writes", "failed", BatchingStatistics::spoolFailures);
	}

	private void count(MeterRegistry registry, String what, String outcome,
			ToDoubleFunction<BatchingStatistics> value) {
		FunctionCounter.builder("threescale.reporting." + what, this.statistics, value)
			.tags(this.tags.and("outcome", outcome))
			.register(registry);
	}

}

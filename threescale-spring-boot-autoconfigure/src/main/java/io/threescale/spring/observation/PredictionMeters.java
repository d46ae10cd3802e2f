package io.threescale.spring.observation;

import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.threescale.spring.client.predictive.PredictionStatistics;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

/**
 * Shows where decisions come from, in {@code threescale.prediction.*}.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class PredictionMeters implements MeterBinder {

	private final PredictionStatistics statistics;

	private final Tags tags;

	/**
	 * Create the meters.
	 * @param statistics what to show
	 * @param serviceId the id of the service, or {@code null} for the default one
	 */
	public PredictionMeters(PredictionStatistics statistics, @Nullable String serviceId) {
		this.statistics = statistics;
		this.tags = Tags.of("service", (serviceId != null) ? serviceId : "default");
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		decisions(registry, "local", PredictionStatistics::localDecisions);
		decisions(registry, "backend", PredictionStatistics::backendDecisions);
		decisions(registry, "last-known", PredictionStatistics::lastKnownDecisions);
		Gauge.builder("threescale.prediction.applications", this.statistics, PredictionStatistics::applications)
			.description("Applications that are remembered")
			.tags(this.tags)
			.register(registry);
		Gauge.builder("threescale.prediction.hit.ratio", this.statistics, PredictionStatistics::hitRate)
			.description("How often an application was remembered when it called")
			.tags(this.tags)
			.register(registry);
	}

	private void decisions(MeterRegistry registry, String source, ToDoubleFunction<PredictionStatistics> value) {
		FunctionCounter.builder("threescale.prediction.decisions", this.statistics, value)
			.description("Decisions by where they come from")
			.tags(this.tags.and("source", source))
			.register(registry);
	}

}

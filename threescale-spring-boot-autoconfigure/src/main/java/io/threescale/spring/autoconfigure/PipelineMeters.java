package io.threescale.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.threescale.spring.actuate.MeteredBackend;
import io.threescale.spring.client.predictive.PredictingThreeScaleClient;
import io.threescale.spring.observation.PredictionMeters;
import io.threescale.spring.observation.ReportingMeters;

/**
 * Shows what goes on in the pipelines of all services.
 */
record PipelineMeters(ServicePipelines pipelines) implements MeterBinder {

	@Override
	public void bindTo(MeterRegistry registry) {
		this.pipelines.byName().values().forEach((pipeline) -> bind(pipeline, registry));
	}

	private static void bind(MeteredBackend pipeline, MeterRegistry registry) {
		PredictingThreeScaleClient predicting = pipeline.predicting();
		if (predicting != null) {
			new PredictionMeters(predicting.statistics(), pipeline.serviceId()).bindTo(registry);
		}
		new ReportingMeters(pipeline.reporting().statistics(), pipeline.serviceId()).bindTo(registry);
	}

}

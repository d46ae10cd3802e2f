package io.threescale.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.threescale.spring.autoconfigure.NamedServices.Pipeline;
import io.threescale.spring.client.predict.PredictingThreeScaleClient;
import io.threescale.spring.observation.PredictionMeters;
import io.threescale.spring.observation.ReportingMeters;

/**
 * Shows what goes on in the pipelines of the services beside the default one.
 */
record NamedServicesMeters(NamedServices services) implements MeterBinder {

	@Override
	public void bindTo(MeterRegistry registry) {
		this.services.pipelines().values().forEach((pipeline) -> bind(pipeline, registry));
	}

	private static void bind(Pipeline pipeline, MeterRegistry registry) {
		ReportingLifecycle reporting = pipeline.reporting();
		if (reporting != null && pipeline.client() instanceof PredictingThreeScaleClient predicting) {
			new PredictionMeters(predicting.statistics(), pipeline.serviceId()).bindTo(registry);
			new ReportingMeters(reporting.client().statistics(), pipeline.serviceId()).bindTo(registry);
		}
	}

}

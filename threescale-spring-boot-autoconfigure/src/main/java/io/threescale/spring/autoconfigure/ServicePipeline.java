package io.threescale.spring.autoconfigure;

import io.threescale.spring.actuate.BackendHistory;
import io.threescale.spring.actuate.MeteredBackend;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.predictive.PredictingThreeScaleClient;
import io.threescale.spring.client.reporting.BatchingThreeScaleClient;
import org.jspecify.annotations.Nullable;

/**
 * How one service is asked.
 *
 * @param serviceId the id of the service in metrics
 * @param history what came of the latest calls of the backend, which is its end
 * @param reporting asks 3scale, and reports
 * @param predicting decides in the process, or {@code null} in strict mode
 */
record ServicePipeline(String serviceId, BackendHistory history, BatchingThreeScaleClient reporting,
		@Nullable PredictingThreeScaleClient predicting) {

	/**
	 * Return the begin of the pipeline.
	 */
	ReactiveThreeScaleClient client() {
		return (this.predicting != null) ? this.predicting : this.reporting;
	}

	MeteredBackend backend() {
		return new MeteredBackend(this.serviceId, this.history, client(), this.predicting, this.reporting);
	}

}

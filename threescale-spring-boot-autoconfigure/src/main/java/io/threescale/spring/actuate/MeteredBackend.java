package io.threescale.spring.actuate;

import java.util.Map;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.predictive.PredictingThreeScaleClient;
import io.threescale.spring.client.reporting.BatchingThreeScaleClient;
import org.jspecify.annotations.Nullable;

/**
 * How one service is asked, as operators see it.
 *
 * @param serviceId the id of the service in metrics
 * @param history what came of the latest calls of the backend, which is its end
 * @param reporting asks 3scale, and reports
 * @param predicting decides in the process, or {@code null} in strict mode
 * @since 0.1.0
 */
public record MeteredBackend(String serviceId, BackendHistory history, BatchingThreeScaleClient reporting,
		@Nullable PredictingThreeScaleClient predicting) {

	/**
	 * Return the begin of the pipeline.
	 * @return the client that calls are decided by
	 */
	public ReactiveThreeScaleClient client() {
		return (this.predicting != null) ? this.predicting : this.reporting;
	}

}

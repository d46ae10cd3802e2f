package io.threescale.spring.actuate;

import java.util.Map;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.predictive.PredictingThreeScaleClient;
import io.threescale.spring.client.reporting.BatchingStatistics;
import io.threescale.spring.client.reporting.BatchingThreeScaleClient;
import org.jspecify.annotations.Nullable;

/**
 * How one service is asked, as operators see it.
 *
 * @param serviceId the id of the service
 * @param history what came of the latest calls of the backend
 * @param client the begin of the pipeline
 * @param predicting decides in the process, or {@code null} in strict mode
 * @param reporting reports usage
 * @since 0.1.0
 */
public record MeteredBackend(String serviceId, BackendHistory history, ReactiveThreeScaleClient client,
		@Nullable PredictingThreeScaleClient predicting, BatchingThreeScaleClient reporting) {

	BatchingStatistics statistics() {
		return this.reporting.statistics();
	}

}

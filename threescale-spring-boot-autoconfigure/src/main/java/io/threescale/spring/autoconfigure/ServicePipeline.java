package io.threescale.spring.autoconfigure;

import io.threescale.spring.ServiceCredentials;
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
 * @param client the begin of the pipeline
 * @param history what came of the latest calls of the backend, which is its end
 * @param predicting decides in the process, or {@code null} in strict mode
 * @param reporting reports in batches, or {@code null} in strict mode
 */
record ServicePipeline(String serviceId, ReactiveThreeScaleClient client, BackendHistory history,
		@Nullable PredictingThreeScaleClient predicting, @Nullable BatchingThreeScaleClient reporting) {

	static ServicePipeline strict(String name, ServiceCredentials service, ReactiveThreeScaleClient backend,
			BackendHistory history) {
		return new ServicePipeline(idOf(name, service), backend, history, null, null);
	}

	static ServicePipeline predictive(String name, ServiceCredentials service, PredictingThreeScaleClient predicting,
			BatchingThreeScaleClient reporting, BackendHistory history) {
		return new ServicePipeline(idOf(name, service), predicting, history, predicting, reporting);
	}

	MeteredBackend backend() {
		return new MeteredBackend(this.serviceId, this.history, this.client, this.predicting, this.reporting);
	}

	/** With a provider key, there need not be an id. */
	private static String idOf(String name, ServiceCredentials service) {
		String id = service.serviceId();
		return (id != null) ? id : name;
	}

}

package io.threescale.spring.autoconfigure;

import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.actuate.BackendHistory;
import io.threescale.spring.metering.MeteredServices;

/**
 * Makes the pipeline of a service.
 */
@FunctionalInterface
interface PipelineFactory {

	/**
	 * Make a pipeline.
	 * @param name the name of the service, {@link MeteredServices#DEFAULT} for the
	 * default one
	 * @param service what the application presents for it
	 * @param history notes what comes of the calls of the backend
	 */
	ServicePipeline create(String name, ServiceCredentials service, BackendHistory history);

}

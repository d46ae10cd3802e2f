package io.threescale.spring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.autoconfigure.NamedServices.Pipeline;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the services beside the default one.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ThreeScalePredictiveAutoConfiguration.class)
@ConditionalOnBean(BackendFactory.class)
public final class ThreeScaleServicesAutoConfiguration {

	@Bean
	NamedServices threeScaleNamedServices(ThreeScaleProperties properties, ThreeScaleConnectionDetails details,
			BackendFactory backends, ObjectProvider<PredictivePipelines> predictive) {
		Map<String, Pipeline> pipelines = new LinkedHashMap<>();
		properties.services()
			.keySet()
			.forEach((name) -> pipelines.put(name,
					pipeline(name, details.getServiceCredentials(name), backends, predictive.getIfAvailable())));
		return new NamedServices(pipelines);
	}

	private static Pipeline pipeline(String name, ServiceCredentials service, BackendFactory backends,
			@Nullable PredictivePipelines predictive) {
		ReactiveThreeScaleClient backend = backends.create(service);
		String id = (service.serviceId() != null) ? service.serviceId() : name;
		if (predictive == null) {
			return new Pipeline(id, backend, null);
		}
		ReportingLifecycle reporting = predictive.reporting(backend, predictive.spool(name));
		return new Pipeline(id, predictive.predicting(reporting), reporting);
	}

}

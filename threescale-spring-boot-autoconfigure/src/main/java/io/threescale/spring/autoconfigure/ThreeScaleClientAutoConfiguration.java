package io.threescale.spring.autoconfigure;

import java.time.Clock;
import java.time.Duration;

import io.threescale.spring.actuate.BackendHistory;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.metering.BackgroundEventPublisher;
import io.threescale.spring.metering.FailurePolicy;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the pipelines of all services, and of the clients of the default
 * one. Unless something else makes pipelines, they ask the backend for everything.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { ThreeScaleBackendAutoConfiguration.class, ThreeScalePredictiveAutoConfiguration.class })
@ConditionalOnBooleanProperty(name = "threescale.enabled", matchIfMissing = true)
public final class ThreeScaleClientAutoConfiguration {

	@Bean
	@ConditionalOnBean(BackendFactory.class)
	@ConditionalOnMissingBean
	PipelineFactory threeScaleStrictPipelines(BackendFactory backends, ThreeScaleProperties properties) {
		if (properties.failurePolicy() == FailurePolicy.LAST_KNOWN) {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.failure-policy' is 'last-known', but no answers are remembered.",
					"Set 'threescale.mode' to 'predictive', or choose the policy 'deny' or 'allow'.");
		}
		return (name, service, history) -> ServicePipeline.strict(name, service, backends.create(service, history),
				history);
	}

	@Bean
	@ConditionalOnBean(BackendFactory.class)
	ServicePipelines threeScaleServicePipelines(ThreeScaleConnectionDetails details, ThreeScaleProperties properties,
			PipelineFactory factory, ObjectProvider<ThreeScaleReportingProperties> reporting,
			@Qualifier("threeScaleClock") ObjectProvider<Clock> clock, ApplicationEventPublisher events) {
		ThreeScaleReportingProperties batching = reporting.getIfAvailable();
		return new ServicePipelines(details, properties.services().keySet(), factory,
				(batching != null) ? batching.shutdownTimeout() : Duration.ZERO,
				(service) -> new BackendHistory(service, clock.getIfAvailable(Clock::systemUTC),
						new BackgroundEventPublisher(events)));
	}

	/** The pipelines close it. */
	@Bean(destroyMethod = "")
	@ConditionalOnMissingBean
	ReactiveThreeScaleClient reactiveThreeScaleClient(ServicePipelines pipelines) {
		return pipelines.standard().client();
	}

	@Bean
	@ConditionalOnMissingBean
	ThreeScaleClient threeScaleClient(ReactiveThreeScaleClient client) {
		return ThreeScaleClient.blocking(client);
	}

}

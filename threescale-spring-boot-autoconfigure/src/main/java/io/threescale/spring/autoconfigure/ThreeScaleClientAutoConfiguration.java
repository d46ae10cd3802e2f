package io.threescale.spring.autoconfigure;

import java.time.Clock;

import io.threescale.spring.actuate.BackendHistory;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.client.fleet.Fleet;
import io.threescale.spring.client.reporting.DeadLetterListener;
import io.threescale.spring.sandbox.ThreeScaleSandbox;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the pipelines of all services, and of the clients of the default
 * one. Time is the system's, whatever {@link Clock} the application has, as usage is
 * billed by it; a bean of the name {@code threeScaleClock} replaces it in tests.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ThreeScaleBackendAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "threescale.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ThreeScaleReportingProperties.class)
public final class ThreeScaleClientAutoConfiguration {

	@Bean
	@ConditionalOnBean(BackendFactory.class)
	PipelineFactory threeScalePipelineFactory(BackendFactory backends, ThreeScaleProperties properties,
			ObjectProvider<ThreeScalePredictionProperties> prediction, ThreeScaleReportingProperties reporting,
			@Qualifier("threeScaleClock") ObjectProvider<Clock> clock, ObjectProvider<DeadLetterListener> listeners,
			ObjectProvider<ThreeScaleSandbox> sandbox, ObjectProvider<Fleet> fleet, ApplicationContext context) {
		return new PipelineFactory(backends, properties, prediction.getIfAvailable(), reporting,
				clock.getIfAvailable(Clock::systemUTC), listeners, sandbox, fleet.getIfAvailable(),
				context.getClassLoader());
	}

	@Bean
	@ConditionalOnBean(BackendFactory.class)
	ServicePipelines threeScaleServicePipelines(ThreeScaleConnectionDetails details, ThreeScaleProperties properties,
			PipelineFactory factory, ThreeScaleReportingProperties reporting,
			@Qualifier("threeScaleClock") ObjectProvider<Clock> clock, ApplicationEventPublisher events) {
		return new ServicePipelines(details, properties.services().keySet(), factory, reporting.shutdownTimeout(),
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

	/** In strict mode nobody reads its properties, which may make no sense then. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "threescale.mode", havingValue = "predictive")
	@EnableConfigurationProperties(ThreeScalePredictionProperties.class)
	static class Predictive {

	}

}

package io.threescale.spring.autoconfigure;

import java.time.Clock;

import io.threescale.spring.client.reporting.DeadLetterListener;
import io.threescale.spring.sandbox.ThreeScaleSandbox;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the predictive pipeline: predicting over batching over the
 * backend. Time is the system's, whatever {@link Clock} the application has, as usage is
 * billed by it; a bean of the name {@code threeScaleClock} replaces it in tests.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ThreeScaleBackendAutoConfiguration.class)
@ConditionalOnProperty(name = "threescale.mode", havingValue = "predictive")
@ConditionalOnBean(BackendFactory.class)
@EnableConfigurationProperties({ ThreeScalePredictionProperties.class, ThreeScaleReportingProperties.class })
public final class ThreeScalePredictiveAutoConfiguration {

	@Bean
	PredictivePipelines threeScalePredictivePipelines(BackendFactory backends, ThreeScaleProperties properties,
			ThreeScalePredictionProperties prediction, ThreeScaleReportingProperties reporting,
			@Qualifier("threeScaleClock") ObjectProvider<Clock> clock, ObjectProvider<DeadLetterListener> listeners,
			ObjectProvider<ThreeScaleSandbox> sandbox, ApplicationContext context) {
		return new PredictivePipelines(backends, properties, prediction, reporting,
				clock.getIfAvailable(Clock::systemUTC), listeners, sandbox, context.getClassLoader());
	}

}

package io.threescale.spring.autoconfigure;

import java.time.Clock;

import io.threescale.spring.actuate.ThreeScaleHealthIndicator;
import io.threescale.spring.client.circuitbreaker.BackendGuard;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the health of 3scale.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ThreeScaleClientAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(ServicePipelines.class)
public final class ThreeScaleHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnEnabledHealthIndicator("threescale")
	@ConditionalOnMissingBean(name = "threeScaleHealthIndicator")
	ThreeScaleHealthIndicator threeScaleHealthIndicator(ServicePipelines pipelines, BackendGuard guard,
			ThreeScaleProperties properties, ObjectProvider<ThreeScalePredictionProperties> prediction,
			@Qualifier("threeScaleClock") ObjectProvider<Clock> clock) {
		return new ThreeScaleHealthIndicator(pipelines.byName(), guard,
				properties.policies(prediction.getIfAvailable()), clock.getIfAvailable(Clock::systemUTC));
	}

}

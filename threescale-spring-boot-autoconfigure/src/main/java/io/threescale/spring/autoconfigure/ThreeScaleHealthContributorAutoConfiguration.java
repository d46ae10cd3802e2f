package io.threescale.spring.autoconfigure;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.threescale.spring.actuate.MeteredBackend;
import io.threescale.spring.actuate.ThreeScaleHealthIndicator;
import io.threescale.spring.client.circuitbreaker.BackendGuard;
import io.threescale.spring.client.reporting.BatchingThreeScaleClient;

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
			ObjectProvider<ThreeScaleReportingProperties> reporting,
			@Qualifier("threeScaleClock") ObjectProvider<Clock> clock) {
		Map<String, MeteredBackend> backends = new LinkedHashMap<>();
		pipelines.byName().forEach((name, pipeline) -> {
			BatchingThreeScaleClient batching = pipeline.reporting();
			backends.put(name, new MeteredBackend(pipeline.serviceId(), pipeline.history(),
					(batching != null) ? batching.statistics() : null));
		});
		Duration lastKnownFor = prediction.stream()
			.map(ThreeScalePredictionProperties::lastKnownFor)
			.findFirst()
			.orElse(Duration.ZERO);
		boolean spooled = reporting.stream().anyMatch((batching) -> batching.spool().directory() != null);
		return new ThreeScaleHealthIndicator(backends, guard,
				new ThreeScaleHealthIndicator.Metering(properties.mode().name().toLowerCase(Locale.ROOT),
						properties.failurePolicy(), lastKnownFor, spooled),
				clock.getIfAvailable(Clock::systemUTC));
	}

}

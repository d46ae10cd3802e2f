package io.threescale.spring.autoconfigure;

import java.time.Clock;

import io.threescale.spring.actuate.MeteringPolicies;
import io.threescale.spring.actuate.RecentDeadLetters;
import io.threescale.spring.actuate.ThreeScaleEndpoint;
import io.threescale.spring.metering.ApplicationNames;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.metering.verification.MeteringInventory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the endpoint {@code threescale} of the actuator, where it is
 * exposed.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ThreeScaleMeteringAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean({ ServicePipelines.class, MeteringGate.class })
public final class ThreeScaleEndpointAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnAvailableEndpoint(ThreeScaleEndpoint.class)
	static class EndpointConfiguration {

		@Bean
		RecentDeadLetters threeScaleRecentDeadLetters(ApplicationNames names) {
			return new RecentDeadLetters(names);
		}

		@Bean
		@ConditionalOnMissingBean
		ThreeScaleEndpoint threeScaleEndpoint(ServicePipelines pipelines, MeteringInventory inventory,
				ThreeScaleProperties properties, ObjectProvider<ThreeScalePredictionProperties> prediction,
				RecentDeadLetters deadLetters, ApplicationNames names, ApplicationEventPublisher events,
				@Qualifier("threeScaleClock") ObjectProvider<Clock> clock) {
			MeteringPolicies policies = properties.policies(prediction.getIfAvailable());
			return new ThreeScaleEndpoint(pipelines.byName(), inventory, policies, deadLetters, names, events,
					clock.getIfAvailable(Clock::systemUTC));
		}

	}

}

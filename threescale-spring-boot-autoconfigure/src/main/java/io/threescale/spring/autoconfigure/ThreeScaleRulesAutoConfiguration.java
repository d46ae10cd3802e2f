package io.threescale.spring.autoconfigure;

import io.threescale.spring.metering.rules.MappingRules;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the rules for calls no annotation speaks about.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ThreeScaleBackendAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "threescale.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ThreeScaleRulesProperties.class)
public final class ThreeScaleRulesAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MappingRules threeScaleMappingRules(ThreeScaleRulesProperties rules, ThreeScaleProperties properties,
			ObjectProvider<ThreeScaleConnectionDetails> details) {
		ThreeScaleConnectionDetails connection = details.getIfAvailable();
		String serviceId = (connection != null) ? connection.getServiceCredentials().serviceId()
				: properties.serviceId();
		return new MappingRules(rules.mappingRules(serviceId, properties.charging()));
	}

}

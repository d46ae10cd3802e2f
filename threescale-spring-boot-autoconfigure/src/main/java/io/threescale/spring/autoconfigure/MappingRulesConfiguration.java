package io.threescale.spring.autoconfigure;

import io.threescale.spring.metering.rules.MappingRules;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of the rules for calls no annotation speaks about.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ThreeScaleRulesProperties.class)
class MappingRulesConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MappingRules threeScaleMappingRules(ThreeScaleRulesProperties rules, ThreeScaleProperties properties,
			ObjectProvider<ThreeScaleConnectionDetails> details) {
		return rules.mappingRules(properties.serviceIdOf(details.getIfAvailable()), properties.charging(),
				properties.services().keySet());
	}

}

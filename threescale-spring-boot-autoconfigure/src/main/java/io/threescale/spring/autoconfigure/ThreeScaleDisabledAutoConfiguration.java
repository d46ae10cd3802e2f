package io.threescale.spring.autoconfigure;

import io.threescale.spring.metering.ThreeScaleTemplate;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of what an application calls by name, for where metering is switched
 * off: it starts all the same, and everything passes.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "threescale.enabled", havingValue = false)
@Import(FrozenConditions.Registrar.class)
public final class ThreeScaleDisabledAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ThreeScaleTemplate threeScaleTemplate() {
		return ThreeScaleTemplate.unmetered();
	}

}

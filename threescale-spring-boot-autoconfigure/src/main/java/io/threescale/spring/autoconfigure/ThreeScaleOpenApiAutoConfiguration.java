package io.threescale.spring.autoconfigure;

import io.threescale.spring.metering.MeteredCallArgument;
import io.threescale.spring.metering.MeteredMethods;
import io.threescale.spring.metering.MeteredServices;
import io.threescale.spring.openapi.MeteredOperationCustomizer;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of metered operations in the OpenAPI document of springdoc.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ThreeScaleMeteringAutoConfiguration.class)
@ConditionalOnWebApplication
@ConditionalOnClass({ SpringDocUtils.class, GlobalOpenApiCustomizer.class })
public final class ThreeScaleOpenApiAutoConfiguration {

	/**
	 * What a handler is given by us is no parameter of the request, metered or not.
	 */
	ThreeScaleOpenApiAutoConfiguration() {
		SpringDocUtils.getConfig().addRequestWrapperToIgnore(MeteredCallArgument.types().toArray(Class[]::new));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean({ MeteredMethods.class, MeteredServices.class })
	MeteredOperationCustomizer threeScaleMeteredOperationCustomizer(MeteredMethods methods, MeteredServices services,
			ThreeScaleProperties properties) {
		return new MeteredOperationCustomizer(methods, services, properties.metering().anonymousPass());
	}

}

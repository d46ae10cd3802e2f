package io.threescale.spring.autoconfigure;

import io.threescale.spring.metering.ApplicationNames;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.security.ThreeScaleAuthenticationConverter;
import io.threescale.spring.security.ThreeScaleConfigurer;
import io.threescale.spring.security.ThreeScaleServerConfigurer;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Auto-configuration of what a {@link ThreeScaleConfigurer} needs, or is the
 * {@link ThreeScaleServerConfigurer} of WebFlux. It takes effect in the filter chains
 * that have one.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { ThreeScaleWebMvcAutoConfiguration.class, ThreeScaleWebFluxAutoConfiguration.class })
@ConditionalOnWebApplication
@ConditionalOnClass({ HttpSecurity.class, SecurityFilterChain.class })
public final class ThreeScaleSecurityAutoConfiguration {

	@Bean
	@ConditionalOnBean(MeteringGate.class)
	@ConditionalOnMissingBean
	ThreeScaleAuthenticationConverter threeScaleAuthenticationConverter(ApplicationNames names) {
		return new ThreeScaleAuthenticationConverter(names);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	static class ReactiveConfiguration {

		@Bean
		ThreeScaleServerConfigurer threeScaleServerConfigurer(BeanFactory beans) {
			return new ThreeScaleServerConfigurer(beans);
		}

	}

}

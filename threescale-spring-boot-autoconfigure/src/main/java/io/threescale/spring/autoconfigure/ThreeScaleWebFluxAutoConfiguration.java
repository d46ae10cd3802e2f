package io.threescale.spring.autoconfigure;

import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.metering.UsageResolver;
import io.threescale.spring.metering.problem.MeteringProblems;
import io.threescale.spring.metering.reactive.MeteredCallArgumentResolver;
import io.threescale.spring.metering.reactive.MeteringExceptionHandler;
import io.threescale.spring.metering.reactive.ReactiveHandlers;
import io.threescale.spring.metering.reactive.ThreeScaleHandlerAdapter;
import io.threescale.spring.metering.reactive.ThreeScaleWebFilter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.HandlerAdapter;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;

/**
 * Auto-configuration of the metering of Spring WebFlux.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ThreeScaleMeteringAutoConfiguration.class)
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnClass(WebFluxConfigurer.class)
public final class ThreeScaleWebFluxAutoConfiguration {

	/**
	 * Controllers may take the decision as an argument whether there is one or not.
	 */
	@Bean
	WebFluxConfigurer threeScaleArgumentConfigurer() {
		return new WebFluxConfigurer() {

			@Override
			public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
				configurer.addCustomResolver(new MeteredCallArgumentResolver());
			}

		};
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "threescale.enabled", matchIfMissing = true)
	@ConditionalOnBean(MeteringGate.class)
	static class MeteringConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ThreeScaleHandlerAdapter threeScaleHandlerAdapter(MeteringGate gate, UsageResolver usages,
				MeteringExceptionHandler exceptions, ObjectProvider<HandlerAdapter> adapters) {
			return new ThreeScaleHandlerAdapter(gate, usages, exceptions, adapters);
		}

		@Bean
		@ConditionalOnMissingBean
		MeteringExceptionHandler threeScaleMeteringExceptionHandler(MeteringProblems problems,
				ApplicationContext context, ObjectProvider<HandlerResultHandler> results) {
			return new MeteringExceptionHandler(problems, context, results);
		}

		@Bean
		@ConditionalOnMissingBean
		ThreeScaleWebFilter threeScaleWebFilter(MeteringGate gate) {
			return new ThreeScaleWebFilter(gate);
		}

		@Bean
		ReactiveHandlers threeScaleReactiveHandlers(ObjectProvider<HandlerMapping> mappings) {
			return new ReactiveHandlers(mappings);
		}

	}

}

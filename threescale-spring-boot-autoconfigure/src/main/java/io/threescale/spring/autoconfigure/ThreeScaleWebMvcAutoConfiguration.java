package io.threescale.spring.autoconfigure;

import java.util.List;

import io.threescale.spring.metering.CurrentCalls;
import io.threescale.spring.metering.MeteredMethods;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.metering.RequestCalls;
import io.threescale.spring.metering.UsageResolver;
import io.threescale.spring.metering.problem.MeteringProblems;
import io.threescale.spring.metering.servlet.MeteredCallArgumentResolver;
import io.threescale.spring.metering.servlet.MeteredResultAdvice;
import io.threescale.spring.metering.servlet.MeteringExceptionResolver;
import io.threescale.spring.metering.servlet.ServletHandlers;
import io.threescale.spring.metering.servlet.ThreeScaleFilter;
import io.threescale.spring.metering.servlet.ThreeScaleHandlerAdapter;
import io.threescale.spring.metering.servlet.ThreeScaleHandlerInterceptor;
import jakarta.servlet.ServletContext;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.HandlerAdapter;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.AsyncSupportConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Auto-configuration of the metering of Spring MVC.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { ThreeScaleMeteringAutoConfiguration.class, WebMvcAutoConfiguration.class })
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass(WebMvcConfigurer.class)
public final class ThreeScaleWebMvcAutoConfiguration {

	/**
	 * Controllers may take the decision as an argument whether there is one or not.
	 */
	@Bean
	WebMvcConfigurer threeScaleArgumentConfigurer() {
		return new WebMvcConfigurer() {

			@Override
			public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
				resolvers.add(new MeteredCallArgumentResolver());
			}

		};
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "threescale.enabled", matchIfMissing = true)
	@ConditionalOnBean(MeteringGate.class)
	static class MeteringConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ThreeScaleHandlerInterceptor threeScaleHandlerInterceptor(MeteringGate gate, UsageResolver usages) {
			return new ThreeScaleHandlerInterceptor(gate, usages, new BootHandlers());
		}

		@Bean
		ThreeScaleFilter threeScaleFilter(CurrentCalls currentCalls) {
			return new ThreeScaleFilter(currentCalls);
		}

		@Bean
		WebMvcConfigurer threeScaleAsyncConfigurer(ThreeScaleFilter filter) {
			return new WebMvcConfigurer() {

				@Override
				public void configureAsyncSupport(AsyncSupportConfigurer configurer) {
					configurer.registerCallableInterceptors(filter);
				}

			};
		}

		@Bean
		@ConditionalOnBean(HandlerAdapter.class)
		ThreeScaleHandlerAdapter threeScaleHandlerAdapter(ThreeScaleHandlerInterceptor interceptor,
				ApplicationContext context) {
			return new ThreeScaleHandlerAdapter(interceptor, context);
		}

		@Bean
		MeteringExceptionResolver threeScaleExceptionResolver(MeteringProblems problems, ApplicationContext context) {
			return new MeteringExceptionResolver(problems, context);
		}

		@Bean
		static MeteredHandlerMappings threeScaleMeteredHandlerMappings(
				ObjectProvider<ThreeScaleHandlerInterceptor> interceptor) {
			return new MeteredHandlerMappings(interceptor);
		}

		@Bean
		RequestCalls threeScaleRequestCalls() {
			return ThreeScaleHandlerInterceptor::current;
		}

		@Bean
		MeteredResultAdvice threeScaleMeteredResultAdvice() {
			return new MeteredResultAdvice();
		}

		@Bean
		ServletHandlers threeScaleServletHandlers(ObjectProvider<HandlerMapping> mappings,
				ObjectProvider<ServletContext> servletContext) {
			return new ServletHandlers(mappings, servletContext.getIfAvailable());
		}

	}

}

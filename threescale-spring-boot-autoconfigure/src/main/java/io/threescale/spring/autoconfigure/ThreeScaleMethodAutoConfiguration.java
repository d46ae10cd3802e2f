package io.threescale.spring.autoconfigure;

import io.threescale.spring.metering.CurrentCalls;
import io.threescale.spring.metering.MeteredMethods;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.metering.method.MeteredMethodAdvisor;
import io.threescale.spring.metering.method.MeteredMethodInterceptor;
import io.threescale.spring.metering.method.MethodCredentialsResolver;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.Role;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.function.SingletonSupplier;

/**
 * Auto-configuration of the metering of methods that are no handlers, for those who ask
 * for it.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { ThreeScaleMeteringAutoConfiguration.class, ThreeScaleWebMvcAutoConfiguration.class })
@ConditionalOnBooleanProperty("threescale.advisor.enabled")
@ConditionalOnBean(MeteringGate.class)
@Import(ThreeScaleMethodAutoConfiguration.ProxyCreator.class)
public final class ThreeScaleMethodAutoConfiguration {

	/**
	 * What the interceptor needs is looked up when it is, as advisors come before all
	 * other beans.
	 */
	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static MeteredMethodAdvisor threeScaleMeteredMethodAdvisor(ObjectProvider<MeteredMethods> methods,
			ObjectProvider<MeteringGate> gate, ObjectProvider<MethodCredentialsResolver> credentials,
			ObjectProvider<CurrentCalls> currentCalls) {
		SingletonSupplier<MethodInterceptor> interceptor = SingletonSupplier
			.of(() -> new MeteredMethodInterceptor(gate.getObject(), methods.getObject(),
					required(credentials.getIfAvailable()), currentCalls.getObject()));
		return new MeteredMethodAdvisor(methods::getObject,
				(MethodInterceptor) (invocation) -> interceptor.obtain().invoke(invocation));
	}

	@Bean
	SmartInitializingSingleton threeScaleMethodCredentialsVerifier(
			ObjectProvider<MethodCredentialsResolver> credentials) {
		return () -> required(credentials.getIfAvailable());
	}

	private static MethodCredentialsResolver required(@Nullable MethodCredentialsResolver credentials) {
		if (credentials == null) {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.advisor.enabled' is true, but there is no MethodCredentialsResolver bean.",
					"Declare one that says for whom a metered method is called, or remove the property.");
		}
		return credentials;
	}

	/**
	 * Has proxies made, even if the application has told Spring Boot not to by itself.
	 */
	static final class ProxyCreator implements ImportBeanDefinitionRegistrar {

		@Override
		public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
			AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
		}

	}

}

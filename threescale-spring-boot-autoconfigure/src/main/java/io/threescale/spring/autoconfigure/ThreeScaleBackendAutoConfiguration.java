package io.threescale.spring.autoconfigure;

import java.time.Clock;

import io.micrometer.observation.ObservationRegistry;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.circuitbreaker.BackendGuard;
import io.threescale.spring.client.circuitbreaker.Circuit;
import io.threescale.spring.observation.ThreeScaleClientObservationConvention;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Auto-configuration of the client that asks the backend itself, which is the end of any
 * pipeline.
 *
 * @since 0.1.0
 */
@AutoConfiguration(afterName = { "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration",
		"org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "threescale.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ThreeScaleProperties.class)
@Import(FrozenConditions.Registrar.class)
@ImportRuntimeHints(PropertiesRuntimeHints.class)
public final class ThreeScaleBackendAutoConfiguration {

	@Bean
	static PropertiesVerifier threeScalePropertiesVerifier(ConfigurableEnvironment environment) {
		return new PropertiesVerifier(environment);
	}

	@Bean
	@ConditionalOnMissingBean({ ThreeScaleConnectionDetails.class, ReactiveThreeScaleClient.class })
	PropertiesThreeScaleConnectionDetails threeScaleConnectionDetails(ThreeScaleProperties properties) {
		return new PropertiesThreeScaleConnectionDetails(properties);
	}

	@Bean
	@ConditionalOnMissingBean(ReactiveThreeScaleClient.class)
	BackendFactory threeScaleBackendFactory(ThreeScaleProperties properties, ThreeScaleConnectionDetails details,
			ObjectProvider<SslBundles> sslBundles, ObjectProvider<ThreeScaleWebClientCustomizer> customizers,
			ObjectProvider<ObservationRegistry> observations,
			ObjectProvider<ThreeScaleClientObservationConvention> convention, BackendGuard guard) {
		return new BackendFactory(properties, details, sslBundles, customizers, observations, convention, guard);
	}

	@Bean
	@ConditionalOnMissingBean(ReactiveThreeScaleClient.class)
	BackendGuard threeScaleBackendGuard(ThreeScaleProperties properties, ThreeScaleConnectionDetails details,
			ObjectProvider<HostCircuit> hostCircuit, @Qualifier("threeScaleClock") ObjectProvider<Clock> clock) {
		Circuit circuit = properties.circuitBreaker()
			.circuit(hostCircuit.getIfAvailable(), properties.connection().responseTimeout());
		return new BackendGuard(circuit, details.getUrl(), clock.getIfAvailable(Clock::systemUTC));
	}

	/** Of an application that is run, and not of a context that a test puts together. */
	@Bean(BackendWarmUp.BEAN_NAME)
	@ConditionalOnBean({ BackendFactory.class, ApplicationArguments.class })
	BackendWarmUp threeScaleBackendWarmUp(BackendFactory factory) {
		return new BackendWarmUp(factory);
	}

}

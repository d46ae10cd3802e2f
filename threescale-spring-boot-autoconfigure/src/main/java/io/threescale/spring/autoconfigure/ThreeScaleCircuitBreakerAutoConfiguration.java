package io.threescale.spring.autoconfigure;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.threescale.spring.client.circuitbreaker.Resilience4jCircuit;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the circuit breaker in front of the backend, where the
 * application's registry of Resilience4j has an instance or a configuration
 * {@code threescale}: it replaces the one of our own.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = ThreeScaleBackendAutoConfiguration.class)
@ConditionalOnClass(CircuitBreakerRegistry.class)
@ConditionalOnBooleanProperty(name = "threescale.enabled", matchIfMissing = true)
public final class ThreeScaleCircuitBreakerAutoConfiguration {

	private static final String NAME = "threescale";

	@Bean
	HostCircuit threeScaleHostCircuit(ObjectProvider<CircuitBreakerRegistry> registries) {
		return () -> {
			CircuitBreakerRegistry registry = registries.getIfUnique();
			return (registry != null && isConfigured(registry)) ? new Resilience4jCircuit(circuitBreaker(registry))
					: null;
		};
	}

	private static CircuitBreaker circuitBreaker(CircuitBreakerRegistry registry) {
		return registry.find(NAME).orElseGet(() -> registry.circuitBreaker(NAME, NAME));
	}

	private static boolean isConfigured(CircuitBreakerRegistry registry) {
		return registry.find(NAME).isPresent() || registry.getConfiguration(NAME).isPresent();
	}

}

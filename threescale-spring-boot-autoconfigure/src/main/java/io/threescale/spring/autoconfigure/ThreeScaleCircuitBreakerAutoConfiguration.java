package io.threescale.spring.autoconfigure;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.threescale.spring.client.circuitbreaker.CircuitBreakingThreeScaleClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the circuit breaker {@code threescale} in front of the backend,
 * where Resilience4j is on the classpath. It is taken from the application's registry,
 * and so is its configuration.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = ThreeScaleBackendAutoConfiguration.class)
@ConditionalOnClass(CircuitBreakerRegistry.class)
@ConditionalOnBooleanProperty(name = "threescale.enabled", matchIfMissing = true)
public final class ThreeScaleCircuitBreakerAutoConfiguration {

	private static final String NAME = "threescale";

	@Bean
	BackendGuard threeScaleCircuitBreaker(ObjectProvider<CircuitBreakerRegistry> registries) {
		CircuitBreakerRegistry registry = registries.getIfUnique();
		CircuitBreaker circuitBreaker = (registry != null) ? registry.circuitBreaker(NAME)
				: CircuitBreaker.ofDefaults(NAME);
		return (backend) -> new CircuitBreakingThreeScaleClient(backend, circuitBreaker);
	}

}

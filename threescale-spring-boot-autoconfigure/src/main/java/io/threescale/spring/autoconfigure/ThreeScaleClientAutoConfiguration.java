package io.threescale.spring.autoconfigure;

import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.metering.FailurePolicy;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the clients: unless there is a pipeline, they ask the backend for
 * everything.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { ThreeScaleBackendAutoConfiguration.class, ThreeScalePredictiveAutoConfiguration.class })
@ConditionalOnBooleanProperty(name = "threescale.enabled", matchIfMissing = true)
public final class ThreeScaleClientAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ReactiveThreeScaleClient reactiveThreeScaleClient(ThreeScaleBackend backend, ThreeScaleProperties properties) {
		if (properties.failurePolicy() == FailurePolicy.LAST_KNOWN) {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.failure-policy' is 'last-known', but no answers are remembered.",
					"Set 'threescale.mode' to 'predictive', or choose the policy 'deny' or 'allow'.");
		}
		return backend.client();
	}

	@Bean
	@ConditionalOnMissingBean
	ThreeScaleClient threeScaleClient(ReactiveThreeScaleClient client) {
		return ThreeScaleClient.blocking(client);
	}

}

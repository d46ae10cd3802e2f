package io.threescale.spring.autoconfigure;

import io.micrometer.observation.ObservationRegistry;
import io.threescale.spring.metering.ApplicationNames;
import io.threescale.spring.metering.DecisionObserver;
import io.threescale.spring.observation.MeteringObservationConvention;
import io.threescale.spring.observation.MicrometerDecisionObserver;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * Auto-configuration of the observation of decisions, where there is tracing, or somebody
 * asks for it by a {@link MeteringObservationConvention}. Elsewhere a decision in the
 * process makes none: it would cost more than the decision.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ThreeScaleClientAutoConfiguration.class, before = ThreeScaleMeteringAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.brave.autoconfigure.BraveAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration" })
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBooleanProperty(name = "threescale.enabled", matchIfMissing = true)
@ConditionalOnBean(ObservationRegistry.class)
@Conditional(ThreeScaleObservationAutoConfiguration.OnDemand.class)
public final class ThreeScaleObservationAutoConfiguration {

	@Bean
	DecisionObserver threeScaleDecisionObserver(ObservationRegistry registry,
			ObjectProvider<MeteringObservationConvention> convention, ApplicationNames names) {
		return new MicrometerDecisionObserver(registry, convention.getIfAvailable(), names);
	}

	/**
	 * Somebody looks at observations of decisions.
	 */
	static final class OnDemand extends AnyNestedCondition {

		OnDemand() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnBean(type = "io.micrometer.tracing.Tracer")
		static final class Tracing {

		}

		@ConditionalOnBean(MeteringObservationConvention.class)
		static final class Convention {

		}

	}

}

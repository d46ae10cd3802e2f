package io.threescale.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.threescale.spring.observation.MeteringMeters;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the counters of metered calls.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ThreeScaleClientAutoConfiguration.class, before = ThreeScaleMeteringAutoConfiguration.class,
		afterName = {
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration" })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "threescale.enabled", matchIfMissing = true)
@ConditionalOnSingleCandidate(MeterRegistry.class)
public final class ThreeScaleMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MeteringMeters threeScaleMeteringMeters(MeterRegistry registry) {
		return new MeteringMeters(registry);
	}

	@Bean
	@ConditionalOnBean(ServicePipelines.class)
	PipelineMeters threeScalePipelineMeters(ServicePipelines pipelines) {
		return new PipelineMeters(pipelines);
	}

}

package io.threescale.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.threescale.spring.observation.MeteringMeters;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
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
@ConditionalOnBean({ MeterRegistry.class, ThreeScaleConnectionDetails.class })
public final class ThreeScaleMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MeteringMeters threeScaleMeteringMeters(MeterRegistry registry, ThreeScaleConnectionDetails details) {
		return new MeteringMeters(registry, details.getServiceCredentials().serviceId());
	}

}

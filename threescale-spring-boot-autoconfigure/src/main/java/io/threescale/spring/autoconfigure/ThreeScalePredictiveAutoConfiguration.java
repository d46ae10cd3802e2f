package io.threescale.spring.autoconfigure;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

import io.threescale.spring.client.batch.BatchingThreeScaleClient;
import io.threescale.spring.client.batch.DeadLetterListener;
import io.threescale.spring.client.batch.MvStoreUsageSpool;
import io.threescale.spring.client.batch.UsageSpool;
import io.threescale.spring.client.predict.PredictingThreeScaleClient;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.util.ClassUtils;

/**
 * Auto-configuration of the predictive pipeline: predicting over batching over the
 * backend.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ThreeScaleBackendAutoConfiguration.class)
@ConditionalOnProperty(name = "threescale.mode", havingValue = "predictive")
@ConditionalOnBean(ThreeScaleBackend.class)
@EnableConfigurationProperties({ ThreeScalePredictionProperties.class, ThreeScaleReportingProperties.class })
public final class ThreeScalePredictiveAutoConfiguration {

	@Bean
	PredictingThreeScaleClient predictingThreeScaleClient(ReportingLifecycle reporting, ThreeScaleProperties properties,
			ThreeScalePredictionProperties prediction, ObjectProvider<Clock> clock) {
		return new PredictingThreeScaleClient(reporting.client(), reporting.client()::settle,
				prediction.settings(properties.failurePolicy()), clock.getIfUnique(Clock::systemUTC),
				Schedulers.parallel(), new SecureRandom());
	}

	@Bean
	ReportingLifecycle threeScaleReportingLifecycle(ThreeScaleBackend backend, ThreeScaleReportingProperties properties,
			UsageSpool spool, ObjectProvider<Clock> clock, ObjectProvider<DeadLetterListener> listeners,
			ObjectProvider<ThreeScaleSandbox> sandbox, ApplicationContext context) {
		require(context, "com.github.benmanes.caffeine.cache.Caffeine", "threescale.mode' is 'predictive'",
				"com.github.ben-manes.caffeine:caffeine");
		ReportingLifecycle reporting = new ReportingLifecycle(
				(scheduler) -> new BatchingThreeScaleClient(backend.client(), properties.settings(), spool, scheduler,
						clock.getIfUnique(Clock::systemUTC), listeners.orderedStream().toList()),
				properties.shutdownTimeout());
		sandbox.ifAvailable((known) -> known.deliverBeforeReading(() -> reporting.client().flush().block()));
		return reporting;
	}

	@Bean
	@ConditionalOnMissingBean
	UsageSpool threeScaleUsageSpool(ThreeScaleReportingProperties reporting, ApplicationContext context) {
		Path directory = reporting.spool().directory();
		if (directory == null) {
			return UsageSpool.none();
		}
		require(context, "org.h2.mvstore.MVStore", "threescale.reporting.spool.directory' is set",
				"com.h2database:h2-mvstore");
		return MvStoreUsageSpool.open(directory);
	}

	private static void require(ApplicationContext context, String type, String setting, String dependency) {
		if (!ClassUtils.isPresent(type, context.getClassLoader())) {
			throw new InvalidThreeScaleConfigurationException(
					"Property '" + setting + ", which needs " + dependency + " on the classpath.",
					"Add " + dependency + " to the dependencies of the application, or change the property.");
		}
	}

}

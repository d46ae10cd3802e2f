package io.threescale.spring.autoconfigure;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.batch.BatchingThreeScaleClient;
import io.threescale.spring.client.batch.DeadLetterListener;
import io.threescale.spring.client.batch.MvStoreUsageSpool;
import io.threescale.spring.client.batch.UsageSpool;
import io.threescale.spring.client.predict.PredictingThreeScaleClient;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.ClassUtils;

/**
 * Makes the predictive pipeline of one service: predicting over batching over its
 * backend.
 */
record PredictivePipelines(ThreeScaleProperties properties, ThreeScalePredictionProperties prediction,
		ThreeScaleReportingProperties reporting, Clock clock, ObjectProvider<DeadLetterListener> listeners,
		ObjectProvider<ThreeScaleSandbox> sandbox, @Nullable ClassLoader classLoader) {

	PredictingThreeScaleClient predicting(ReportingLifecycle reporting) {
		return new PredictingThreeScaleClient(reporting.client(), reporting.client()::take,
				new ReportingSettlement(reporting.client()), this.prediction.settings(this.properties.failurePolicy()),
				this.clock, Schedulers.parallel(), new SecureRandom());
	}

	ReportingLifecycle reporting(ReactiveThreeScaleClient backend, UsageSpool spool) {
		require("com.github.benmanes.caffeine.cache.Caffeine", "threescale.mode' is 'predictive'",
				"com.github.ben-manes.caffeine:caffeine");
		ReportingLifecycle lifecycle = new ReportingLifecycle((scheduler) -> new BatchingThreeScaleClient(backend,
				this.reporting.settings(), spool, scheduler, this.clock, this.listeners.orderedStream().toList()),
				this.reporting.shutdownTimeout());
		this.sandbox.ifAvailable((known) -> known.deliverBeforeReading(() -> lifecycle.client().flush().block()));
		return lifecycle;
	}

	/**
	 * Open the spool of a service.
	 * @param name the name of its directory below that of all; nothing for that itself
	 */
	UsageSpool spool(String name) {
		Path directory = this.reporting.spool().directory();
		if (directory == null) {
			return UsageSpool.none();
		}
		require("org.h2.mvstore.MVStore", "threescale.reporting.spool.directory' is set", "com.h2database:h2-mvstore");
		return MvStoreUsageSpool.open(directory.resolve(name));
	}

	private void require(String type, String setting, String dependency) {
		if (!ClassUtils.isPresent(type, this.classLoader)) {
			throw new InvalidThreeScaleConfigurationException(
					"Property '" + setting + ", which needs " + dependency + " on the classpath.",
					"Add " + dependency + " to the dependencies of the application, or change the property.");
		}
	}

}

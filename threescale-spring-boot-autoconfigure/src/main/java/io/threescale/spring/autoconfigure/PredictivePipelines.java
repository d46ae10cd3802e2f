package io.threescale.spring.autoconfigure;

import java.nio.file.Path;
import java.time.Clock;

import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.actuate.BackendHistory;
import io.threescale.spring.client.predictive.PredictingThreeScaleClient;
import io.threescale.spring.client.reporting.BatchingThreeScaleClient;
import io.threescale.spring.client.reporting.CounterLimit;
import io.threescale.spring.client.reporting.DeadLetterListener;
import io.threescale.spring.client.reporting.spool.MvStoreUsageSpool;
import io.threescale.spring.client.reporting.spool.UsageSpool;
import io.threescale.spring.metering.MeteredServices;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Makes predictive pipelines: predicting over batching over the backend. All of them
 * share two threads, one to report and one to write to the spool meanwhile, and the limit
 * of counters.
 */
final class PredictivePipelines implements PipelineFactory, DisposableBean {

	private final BackendFactory backends;

	private final ThreeScaleProperties properties;

	private final ThreeScalePredictionProperties prediction;

	private final ThreeScaleReportingProperties reporting;

	private final Clock clock;

	private final ObjectProvider<DeadLetterListener> listeners;

	private final ObjectProvider<ThreeScaleSandbox> sandbox;

	private final @Nullable ClassLoader classLoader;

	private final CounterLimit limit;

	/** It is no bean, as the application might then take it for its own. */
	private final ThreadPoolTaskScheduler threads = new ThreadPoolTaskScheduler();

	PredictivePipelines(BackendFactory backends, ThreeScaleProperties properties,
			ThreeScalePredictionProperties prediction, ThreeScaleReportingProperties reporting, Clock clock,
			ObjectProvider<DeadLetterListener> listeners, ObjectProvider<ThreeScaleSandbox> sandbox,
			@Nullable ClassLoader classLoader) {
		this.backends = backends;
		this.properties = properties;
		this.prediction = prediction;
		this.reporting = reporting;
		this.clock = clock;
		this.listeners = listeners;
		this.sandbox = sandbox;
		this.classLoader = classLoader;
		require("com.github.benmanes.caffeine.cache.Caffeine", "threescale.mode' is 'predictive'",
				"com.github.ben-manes.caffeine:caffeine");
		this.limit = reporting.limit();
		this.threads.setThreadNamePrefix("threescale-");
		this.threads.setDaemon(true);
		this.threads.setPoolSize(2);
		this.threads.initialize();
	}

	@Override
	public ServicePipeline create(String name, ServiceCredentials service, BackendHistory history) {
		BatchingThreeScaleClient batching = new BatchingThreeScaleClient(this.backends.create(service, history),
				this.reporting.settings(this.prediction), this.limit, spool(name), this.threads, this.clock,
				this.listeners.orderedStream().toList());
		this.sandbox.ifAvailable((known) -> known.deliverBeforeReading(() -> batching.flush().block()));
		PredictingThreeScaleClient predicting = new PredictingThreeScaleClient(batching,
				this.prediction.settings(this.properties.failurePolicy()), this.clock, Schedulers.parallel());
		return ServicePipeline.predictive(name, service, predicting, batching, history);
	}

	/**
	 * Open the spool of a service. That of the default one is in the directory itself,
	 * the others are below.
	 */
	private UsageSpool spool(String name) {
		Path directory = this.reporting.spool().directory();
		if (directory == null || !StringUtils.hasText(directory.toString())) {
			return UsageSpool.none();
		}
		require("org.h2.mvstore.MVStore", "threescale.reporting.spool.directory' is set", "com.h2database:h2-mvstore");
		return MvStoreUsageSpool.open(name.equals(MeteredServices.DEFAULT) ? directory : directory.resolve(name));
	}

	private void require(String type, String setting, String dependency) {
		if (!ClassUtils.isPresent(type, this.classLoader)) {
			throw new InvalidThreeScaleConfigurationException(
					"Property '" + setting + ", which needs " + dependency + " on the classpath.",
					"Add " + dependency + " to the dependencies of the application, or change the property.");
		}
	}

	@Override
	public void destroy() {
		this.threads.shutdown();
	}

}

package io.threescale.spring.autoconfigure;

import java.nio.file.Path;
import java.time.Clock;

import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.actuate.BackendHistory;
import io.threescale.spring.actuate.MeteredBackend;
import io.threescale.spring.client.SteadyTime;
import io.threescale.spring.client.fleet.Fleet;
import io.threescale.spring.client.fleet.Membership;
import io.threescale.spring.client.predictive.Changes;
import io.threescale.spring.client.predictive.PredictingThreeScaleClient;
import io.threescale.spring.client.predictive.PredictionSettings;
import io.threescale.spring.client.reporting.BatchingThreeScaleClient;
import io.threescale.spring.client.reporting.CounterLimit;
import io.threescale.spring.client.reporting.DeadLetterListener;
import io.threescale.spring.client.reporting.spool.MvStoreUsageSpool;
import io.threescale.spring.client.reporting.spool.UsageSpool;
import io.threescale.spring.metering.FailurePolicy;
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
 * Makes the pipelines of services: reporting over the backend, and in predictive mode
 * predicting over that. All of them share two threads, one to report and one to write to
 * the spool meanwhile, and the limit of counters.
 */
final class PipelineFactory implements DisposableBean {

	private final BackendFactory backends;

	private final @Nullable PredictionSettings prediction;

	private final ThreeScaleReportingProperties reporting;

	private final Clock clock;

	private final ObjectProvider<DeadLetterListener> listeners;

	private final ObjectProvider<ThreeScaleSandbox> sandbox;

	private final @Nullable Fleet fleet;

	private final @Nullable ClassLoader classLoader;

	private final CounterLimit limit;

	private int poolSize = 2;

	/** It is no bean, as the application might then take it for its own. */
	private final ThreadPoolTaskScheduler threads = new ThreadPoolTaskScheduler();

	PipelineFactory(BackendFactory backends, ThreeScaleProperties properties,
			@Nullable ThreeScalePredictionProperties prediction, ThreeScaleReportingProperties reporting, Clock clock,
			ObjectProvider<DeadLetterListener> listeners, ObjectProvider<ThreeScaleSandbox> sandbox,
			@Nullable Fleet fleet, @Nullable ClassLoader classLoader) {
		this.backends = backends;
		this.prediction = (prediction != null) ? prediction.settings(properties.failurePolicy()) : null;
		this.reporting = reporting;
		this.clock = clock;
		this.listeners = listeners;
		this.sandbox = sandbox;
		this.fleet = fleet;
		this.classLoader = classLoader;
		if (prediction == null && properties.failurePolicy() == FailurePolicy.LAST_KNOWN) {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.failure-policy' is 'last-known', but no answers are remembered.",
					"Set 'threescale.mode' to 'predictive', or choose the policy 'deny' or 'allow'.");
		}
		this.limit = reporting.limit();
		this.threads.setThreadNamePrefix("threescale-");
		this.threads.setDaemon(true);
		this.threads.setPoolSize(this.poolSize);
		this.threads.initialize();
	}

	/**
	 * Make a pipeline.
	 * @param name the name of the service, {@link MeteredServices#DEFAULT} for the
	 * default one
	 * @param service what the application presents for it
	 * @param history notes what comes of the calls of the backend
	 */
	MeteredBackend create(String name, ServiceCredentials service, BackendHistory history) {
		PredictionSettings prediction = this.prediction;
		Membership membership = (this.fleet != null) ? join(this.fleet, idOf(name, service)) : null;
		BatchingThreeScaleClient reporting = new BatchingThreeScaleClient(this.backends.create(service, history),
				this.reporting.settings(prediction), this.limit,
				(membership != null) ? membership.spool() : spool(name), this.threads, this.clock,
				this.listeners.orderedStream().toList());
		this.sandbox.ifAvailable((known) -> known.deliverBeforeReading(() -> reporting.flush().block()));
		PredictingThreeScaleClient predicting = (prediction != null)
				? new PredictingThreeScaleClient(reporting, prediction,
						(membership != null) ? membership.claims() : null,
						(membership != null) ? membership.changes() : Changes.none(), this.clock, Schedulers.parallel())
				: null;
		return new MeteredBackend(idOf(name, service), history, reporting, predicting);
	}

	/** With a provider key, there need not be an id. */
	private static String idOf(String name, ServiceCredentials service) {
		String id = service.serviceId();
		return (id != null) ? id : name;
	}

	/**
	 * Open the spool of a service. That of the default one is in the directory itself,
	 * the others are below.
	 */
	private UsageSpool spool(String name) {
		Path directory = spoolDirectory();
		if (directory == null) {
			return UsageSpool.none();
		}
		if (!ClassUtils.isPresent("org.h2.mvstore.MVStore", this.classLoader)) {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.reporting.spool.directory' is set, which needs com.h2database:h2-mvstore on "
							+ "the classpath.",
					"Add com.h2database:h2-mvstore to the dependencies of the application, or remove the property.");
		}
		return MvStoreUsageSpool.open(name.equals(MeteredServices.DEFAULT) ? directory : directory.resolve(name));
	}

	private @Nullable Path spoolDirectory() {
		Path directory = this.reporting.spool().directory();
		return (directory != null && StringUtils.hasText(directory.toString())) ? directory : null;
	}

	private Membership join(Fleet fleet, String service) {
		if (spoolDirectory() != null) {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.reporting.spool.directory' has no effect, as 'threescale.fleet.mode' has usage "
							+ "kept in Redis.",
					"Start and stop the application once without a fleet, so that what is in the directory is reported, "
							+ "and remove the property.");
		}
		// Its heartbeat waits for Redis, and must not keep the others from reporting
		this.poolSize++;
		this.threads.setPoolSize(this.poolSize);
		return fleet.join(service, this.threads, new SteadyTime(this.clock, System::nanoTime));
	}

	@Override
	public void destroy() {
		this.threads.shutdown();
	}

}

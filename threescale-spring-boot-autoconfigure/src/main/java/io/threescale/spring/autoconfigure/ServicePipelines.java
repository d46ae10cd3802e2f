package io.threescale.spring.autoconfigure;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

import io.threescale.spring.actuate.BackendHistory;
import io.threescale.spring.actuate.MeteredBackend;
import io.threescale.spring.client.reporting.BatchingThreeScaleClient;
import io.threescale.spring.metering.MeteredServices;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * The pipelines of all services, the default one among them. They are no beans of their
 * own, as an application might take one for the other. Usage is taken in before the web
 * server takes requests, and what is left is reported when it takes no more: lower phases
 * start earlier and stop later.
 */
final class ServicePipelines implements SmartLifecycle, DisposableBean {

	/** The web server stops at {@code DEFAULT_PHASE - 2048}. */
	static final int PHASE = DEFAULT_PHASE - 4096;

	private final Map<String, MeteredBackend> pipelines = new LinkedHashMap<>();

	private final Duration shutdownTimeout;

	/**
	 * Make the pipelines. If one of them cannot be made, the others let go of what they
	 * hold.
	 * @param details names the services
	 * @param names the names of further services
	 * @param factory makes a pipeline
	 * @param shutdownTimeout how long to report what is left
	 * @param histories begins to note what comes of the calls of the backend
	 */
	ServicePipelines(ThreeScaleConnectionDetails details, Collection<String> names, PipelineFactory factory,
			Duration shutdownTimeout, Function<String, BackendHistory> histories) {
		this.shutdownTimeout = shutdownTimeout;
		if (names.contains(MeteredServices.DEFAULT)) {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.services.default' is set, but that is the name of the service under "
							+ "'threescale.service-id'.",
					"Choose another name for the further service.");
		}
		boolean complete = false;
		try {
			this.pipelines.put(MeteredServices.DEFAULT, factory.create(MeteredServices.DEFAULT,
					details.getServiceCredentials(), histories.apply(MeteredServices.DEFAULT)));
			names.forEach((name) -> this.pipelines.put(name,
					factory.create(name, details.getServiceCredentials(name), histories.apply(name))));
			complete = true;
		}
		finally {
			if (!complete) {
				destroy();
			}
		}
	}

	/**
	 * Return the pipeline of the default service.
	 */
	MeteredBackend standard() {
		return Objects.requireNonNull(this.pipelines.get(MeteredServices.DEFAULT));
	}

	/**
	 * Return all pipelines by the name of their service.
	 */
	Map<String, MeteredBackend> byName() {
		return this.pipelines;
	}

	private Stream<BatchingThreeScaleClient> reporting() {
		return this.pipelines.values().stream().map(MeteredBackend::reporting);
	}

	@Override
	public void start() {
		reporting().forEach(BatchingThreeScaleClient::start);
	}

	@Override
	public void stop() {
		stopAll().join();
	}

	@Override
	public void stop(Runnable callback) {
		stopAll().whenComplete((done, ex) -> callback.run());
	}

	/**
	 * Stop all at the same time, so that one timeout is enough. Spring waits for that no
	 * longer than a timeout of its own; closing the clients waits for the rest.
	 */
	private CompletableFuture<Void> stopAll() {
		SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("threescale-stop-");
		return CompletableFuture.allOf(reporting()
			.map((client) -> CompletableFuture.runAsync(() -> client.stop(this.shutdownTimeout), threads))
			.toArray(CompletableFuture[]::new));
	}

	@Override
	public boolean isRunning() {
		return reporting().anyMatch(BatchingThreeScaleClient::isRunning);
	}

	/**
	 * A client that was stopped does not start again, so usage is reported also while the
	 * context of a test waits for the next one.
	 */
	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public void destroy() {
		this.pipelines.values().forEach((pipeline) -> pipeline.client().close());
	}

}

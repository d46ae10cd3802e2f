package io.threescale.spring.autoconfigure;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.threescale.spring.client.ReactiveThreeScaleClient;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * The services beside the default one, each with a pipeline of its own. They are no beans
 * of their own, as an application might take their clients for the default one.
 */
final class NamedServices implements SmartLifecycle, DisposableBean {

	private final Map<String, Pipeline> pipelines;

	NamedServices(Map<String, Pipeline> pipelines) {
		this.pipelines = Map.copyOf(pipelines);
	}

	/**
	 * How one service is asked.
	 *
	 * @param serviceId the id of the service
	 * @param client the begin of the pipeline
	 * @param reporting what reports its usage, if that is not done within each call
	 */
	record Pipeline(String serviceId, ReactiveThreeScaleClient client, @Nullable ReportingLifecycle reporting) {

		private void start() {
			if (this.reporting != null) {
				this.reporting.start();
			}
		}

		private CompletableFuture<Void> stop() {
			return (this.reporting != null) ? this.reporting.stopBesides() : CompletableFuture.completedFuture(null);
		}

		private boolean isRunning() {
			return this.reporting != null && this.reporting.isRunning();
		}

	}

	Map<String, Pipeline> pipelines() {
		return this.pipelines;
	}

	@Override
	public void start() {
		this.pipelines.values().forEach(Pipeline::start);
	}

	@Override
	public void stop() {
		stopAll().join();
	}

	@Override
	public void stop(Runnable callback) {
		stopAll().whenComplete((done, ex) -> callback.run());
	}

	private CompletableFuture<Void> stopAll() {
		return CompletableFuture
			.allOf(this.pipelines.values().stream().map(Pipeline::stop).toArray(CompletableFuture[]::new));
	}

	@Override
	public boolean isRunning() {
		return this.pipelines.values().stream().anyMatch(Pipeline::isRunning);
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return ReportingLifecycle.PHASE;
	}

	@Override
	public void destroy() {
		this.pipelines.values().forEach((pipeline) -> pipeline.client().close());
	}

}

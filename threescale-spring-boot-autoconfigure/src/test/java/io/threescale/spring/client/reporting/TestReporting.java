package io.threescale.spring.client.reporting;

import java.time.Clock;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.reporting.spool.UsageSpool;

import org.springframework.scheduling.TaskScheduler;

/**
 * Makes a batching client in a time of its own, for tests of other packages.
 */
public final class TestReporting {

	private TestReporting() {
	}

	/**
	 * Make a client.
	 */
	public static BatchingThreeScaleClient client(ReactiveThreeScaleClient backend, BatchingSettings settings,
			UsageSpool spool, TaskScheduler tasks, Clock clock, LongSupplier nanoTime, RandomGenerator random) {
		return new BatchingThreeScaleClient(backend, settings, new CounterLimit(100_000), spool, tasks, clock, nanoTime,
				List.of(), random);
	}

}

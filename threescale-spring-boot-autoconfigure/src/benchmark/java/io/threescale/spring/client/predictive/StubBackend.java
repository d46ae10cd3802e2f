package io.threescale.spring.client.predictive;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.MetricHierarchy;
import io.threescale.spring.Period;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.reporting.BatchingSettings;
import io.threescale.spring.client.reporting.BatchingThreeScaleClient;
import io.threescale.spring.client.reporting.CounterLimit;
import io.threescale.spring.client.reporting.spool.UsageSpool;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * A 3scale that grants at once and takes every report: a plan of three limits, far away.
 */
final class StubBackend implements ReactiveThreeScaleClient {

	private static final MetricHierarchy TREE = new MetricHierarchy(Map.of("hits", List.of("search", "list")));

	PredictingThreeScaleClient predicting(long applications) {
		return predicting(applications, null);
	}

	/** One of two that share headroom, by claims in memory. */
	PredictingThreeScaleClient predictingInFleet(long applications) {
		SimulatedClaims claims = new SimulatedClaims(System::currentTimeMillis);
		claims.join("this");
		claims.join("other");
		return predicting(applications, new Claims() {

			@Override
			public int instances() {
				return 2;
			}

			@Override
			public Mono<Reply> claim(Request request) {
				return Mono.fromSupplier(() -> {
					synchronized (claims) {
						return claims.run("this", request);
					}
				});
			}

		});
	}

	private PredictingThreeScaleClient predicting(long applications, @Nullable Claims claims) {
		PredictionSettings settings = new PredictionSettings(Duration.ofHours(1), Duration.ofSeconds(2), Duration.ofMinutes(1), Duration.ZERO, 0.05, 0.25, applications);
		BatchingSettings defaults = BatchingSettings.defaults();
		BatchingSettings batching = new BatchingSettings(defaults.flushInterval(), defaults.batchSize(),
				Long.MAX_VALUE, defaults.onAmbiguous(), defaults.initialBackoff(), defaults.maxBackoff(),
				defaults.knownFor(), defaults.settleTime(), applications, defaults.spoolInterval());
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.setDaemon(true);
		scheduler.initialize();
		BatchingThreeScaleClient reporting = new BatchingThreeScaleClient(this, batching,
				new CounterLimit((int) Math.min(Integer.MAX_VALUE, applications)), UsageSpool.none(), scheduler,
				Clock.systemUTC(), List.of());
		reporting.start();
		return new PredictingThreeScaleClient(reporting, settings, claims, Changes.none(), Clock.systemUTC(),
				Schedulers.parallel());
	}

	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return Mono.fromSupplier(() -> new Granted(status(Instant.now())));
	}

	/**
	 * Make the status anew for each application, as reading an answer would.
	 */
	private static ApplicationStatus status(Instant now) {
		List<UsageReport> reports = Stream.of("minute", "day", "month")
			.map((name) -> new Period(new String(name)))
			.map((period) -> new UsageReport("hits", period, period.windowAt(now), 1_000_000_000_000L, 0, false))
			.toList();
		return new ApplicationStatus("basic", reports, null, new MetricHierarchy(TREE.children()), List.of(), null);
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return authorize(request);
	}

	@Override
	public Mono<Void> report(ReportRequest request) {
		return Mono.empty();
	}

	@Override
	public void close() {
	}

}

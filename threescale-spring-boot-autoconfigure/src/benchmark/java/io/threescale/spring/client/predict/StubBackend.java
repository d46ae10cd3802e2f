package io.threescale.spring.client.predict;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import io.threescale.spring.Usage;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.MetricHierarchy;
import io.threescale.spring.Period;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A 3scale that grants at once and takes every report: a plan of three limits, far away.
 */
final class StubBackend implements ReactiveThreeScaleClient, Settlement {

	private static final MetricHierarchy TREE = new MetricHierarchy(Map.of("hits", List.of("search", "list")));

	PredictingThreeScaleClient predicting(long applications) {
		PredictionSettings settings = new PredictionSettings(Duration.ofHours(1), Duration.ofSeconds(10),
				Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ZERO, 0.05, 0.25, applications);
		return new PredictingThreeScaleClient(this, (transaction) -> null, this, settings, Clock.systemUTC(),
				Schedulers.parallel(), new Random(1));
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
	public Mono<Void> settle(ApplicationCredentials application) {
		return Mono.empty();
	}

	@Override
	public Usage pending(ApplicationCredentials application) {
		return Usage.NONE;
	}

	@Override
	public void close() {
	}

}

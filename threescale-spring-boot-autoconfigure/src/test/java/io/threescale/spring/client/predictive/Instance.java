package io.threescale.spring.client.predictive;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.reporting.AmbiguousPolicy;
import io.threescale.spring.client.reporting.BatchingSettings;
import io.threescale.spring.client.reporting.BatchingThreeScaleClient;
import io.threescale.spring.client.reporting.MemorySpool;
import io.threescale.spring.client.reporting.TestReporting;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * One instance of an application: a predicting client over one that reports every ten
 * seconds, in virtual time.
 */
class Instance implements ReactiveThreeScaleClient {

	final PredictingThreeScaleClient client;

	final BatchingThreeScaleClient reporting;

	/** What becomes of reports, unless they reach 3scale. */
	@Nullable RuntimeException reportFailure;

	/** What becomes of calls that 3scale is to count, unless they reach it. */
	@Nullable RuntimeException authRepFailure;

	private boolean dead;

	private final MemorySpool spool;

	private final SimulatedBackend backend;

	Instance(SimulatedBackend backend, VirtualTimeScheduler time, PredictionSettings settings, long seed) {
		this(backend, time, settings, seed, new MemorySpool(), Duration.ZERO, null);
	}

	/** One of a fleet. */
	Instance(SimulatedBackend backend, VirtualTimeScheduler time, PredictionSettings settings, long seed,
			MemorySpool spool, Duration skew, @Nullable Claims claims) {
		this.backend = backend;
		this.spool = spool;
		Clock clock = Clock.offset(new BackendClock(backend), skew);
		Random random = new Random(seed);
		BatchingSettings batching = new BatchingSettings(Duration.ofSeconds(10), 500, 1_000_000, AmbiguousPolicy.DROP,
				Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(10), settings.settleTime(), 100_000,
				Duration.ofMillis(100));
		this.reporting = TestReporting.client(this, batching, spool, new VirtualTasks(time, clock), clock,
				() -> TimeUnit.MILLISECONDS.toNanos(backend.now().toEpochMilli()), random);
		this.client = new PredictingThreeScaleClient(this.reporting, settings, claims, Changes.none(), clock, time,
				random);
		this.reporting.start();
	}

	/** Die, and start the next process over the spool of this one. */
	Instance next(VirtualTimeScheduler time, PredictionSettings settings, long seed) {
		return new Instance(this.backend, time, settings, seed, die(), Duration.ZERO, null);
	}

	/** Die, and leave what was stored. */
	MemorySpool die() {
		this.dead = true;
		return this.spool.copy();
	}

	/**
	 * A clock that agrees with the scheduler, but for what it is ahead.
	 */
	static final class BackendClock extends Clock {

		private final SimulatedBackend backend;

		BackendClock(SimulatedBackend backend) {
			this.backend = backend;
		}

		@Override
		public Instant instant() {
			return this.backend.now().plus(this.backend.skew);
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	}

	Mono<Authorization> call(ApplicationCredentials application, Usage usage) {
		return this.client.authRep(application, usage);
	}

	long pending() {
		return this.reporting.statistics().pendingUnits();
	}

	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return this.dead ? Mono.never() : this.backend.authorize(request);
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		if (this.dead) {
			return Mono.never();
		}
		return (this.authRepFailure != null) ? Mono.error(this.authRepFailure) : this.backend.authRep(request);
	}

	@Override
	public Mono<Void> report(ReportRequest request) {
		return Mono.defer(() -> {
			if (this.dead) {
				return Mono.never();
			}
			return (this.reportFailure != null) ? Mono.error(this.reportFailure) : this.backend.report(request);
		});
	}

	static PredictionSettings settings(double guard, double share) {
		return new PredictionSettings(Duration.ofMinutes(1), Duration.ofSeconds(2), Duration.ofSeconds(1),
				Duration.ZERO, guard, share, 1_000);
	}

	@Override
	public void close() {
	}

}

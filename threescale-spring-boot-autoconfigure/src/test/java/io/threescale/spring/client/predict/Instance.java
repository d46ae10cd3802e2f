package io.threescale.spring.client.predict;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.predict.SimulatedBackend.Counter;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * One instance of an application: a predicting client over a buffer that delivers every
 * ten seconds.
 */
class Instance implements ReactiveThreeScaleClient, Settlement {

	final PredictingThreeScaleClient client;

	@Nullable RuntimeException settlementFailure;

	private final SimulatedBackend backend;

	private final List<Transaction> buffer = new ArrayList<>();

	Instance(SimulatedBackend backend, VirtualTimeScheduler time, PredictionSettings settings, long seed) {
		this.backend = backend;
		this.client = new PredictingThreeScaleClient(this, this::take, this, settings, new BackendClock(backend), time,
				new Random(seed));
		time.schedulePeriodically(() -> deliver(List.copyOf(this.buffer)).onErrorComplete().subscribe(), 10, 10,
				java.util.concurrent.TimeUnit.SECONDS);
	}

	/**
	 * A clock that agrees with the scheduler.
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

	/** Take over what an earlier process has left in its spool. */
	Instance after(Instance earlier) {
		this.buffer.addAll(earlier.buffer);
		earlier.buffer.clear();
		return this;
	}

	int pending() {
		return this.buffer.size();
	}

	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return this.backend.authorize(request);
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return this.backend.authRep(request);
	}

	@Override
	public Mono<Void> report(ReportRequest request) {
		return Mono.fromRunnable(() -> this.buffer.addAll(request.transactions()));
	}

	private @Nullable Transaction take(Transaction transaction) {
		this.buffer.add(transaction);
		return null;
	}

	/** Goes on though nobody waits for it any more. */
	@Override
	public Mono<Void> settle(ApplicationCredentials application) {
		if (this.settlementFailure != null) {
			return Mono.error(this.settlementFailure);
		}
		return Mono.defer(() -> {
			Mono<Void> delivery = deliver(of(application)).cache();
			delivery.onErrorComplete().subscribe();
			return delivery;
		});
	}

	@Override
	public Usage pending(ApplicationCredentials application) {
		Usage pending = Usage.NONE;
		for (Transaction transaction : of(application)) {
			for (Map.Entry<String, Long> used : transaction.usage().increments().entrySet()) {
				pending = pending.and(used.getKey(), used.getValue());
			}
		}
		return pending;
	}

	private List<Transaction> of(ApplicationCredentials application) {
		return this.buffer.stream()
			.filter((transaction) -> Counter.identity(transaction.application()).equals(Counter.identity(application)))
			.toList();
	}

	private Mono<Void> deliver(List<Transaction> transactions) {
		this.buffer.removeAll(transactions);
		return transactions.isEmpty() ? Mono.empty() : this.backend.report(ReportRequest.of(transactions))
			.doOnError((ex) -> this.buffer.addAll(transactions));
	}

	static PredictionSettings settings(double guard, double share) {
		return new PredictionSettings(Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofSeconds(2),
				Duration.ofSeconds(1), Duration.ZERO, guard, share, 1_000);
	}

	@Override
	public void close() {
	}

}

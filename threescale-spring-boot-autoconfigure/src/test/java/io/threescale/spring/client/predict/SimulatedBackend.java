package io.threescale.spring.client.predict;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationCredentials.AppId;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.MetricHierarchy;
import io.threescale.spring.Period;
import io.threescale.spring.PeriodWindow;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Extension;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.predict.PlanLimits.Limit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A 3scale that takes its time: what it accepts shows only after a lag, as in the real
 * one, so that calls at the same time are all granted.
 */
class SimulatedBackend implements ReactiveThreeScaleClient {

	static final MetricHierarchy TREE = new MetricHierarchy(Map.of("hits", List.of("search", "list")));

	final List<Limit> limits = new ArrayList<>();

	final List<AuthorizationRequest> authorizes = new ArrayList<>();

	final List<AuthorizationRequest> authReps = new ArrayList<>();

	final List<Transaction> reported = new ArrayList<>();

	Duration lag = Duration.ZERO;

	Duration latency = Duration.ZERO;

	/** How long an answer to authorize is on its way, which a later one may overtake. */
	Supplier<Duration> delay = () -> Duration.ZERO;

	/** How far the clocks of the instances are ahead. */
	Duration skew = Duration.ZERO;

	@Nullable ThreeScaleException failure;

	@Nullable ErrorCode denial;

	/** A metric of this name does not exist. */
	@Nullable String missing;

	/** Whether answers arrive without anything in them. */
	boolean unreadable;

	private final VirtualTimeScheduler time;

	private final List<Grant> granted = new ArrayList<>();

	private final Map<Counter, Long> shown = new HashMap<>();

	private final Map<Counter, Long> accepted = new HashMap<>();

	SimulatedBackend(VirtualTimeScheduler time) {
		this.time = time;
	}

	private record Grant(Instant at, Map<String, Long> demand) {
	}

	record Counter(ApplicationCredentials application, Limit limit, @Nullable PeriodWindow window) {

		static Counter of(ApplicationCredentials caller, Limit limit, Instant time) {
			return new Counter(identity(caller), limit, limit.period().windowAt(time));
		}

		/** Usage is the application's, whatever key it shows. */
		static ApplicationCredentials identity(ApplicationCredentials caller) {
			return (caller instanceof AppId app) ? ApplicationCredentials.appId(app.id()) : caller;
		}

	}

	SimulatedBackend limit(String metric, Period period, long max) {
		this.limits.add(new Limit(metric, period, max));
		return this;
	}

	Instant now() {
		return Instant.ofEpochMilli(this.time.now(java.util.concurrent.TimeUnit.MILLISECONDS));
	}

	int calls() {
		return this.authorizes.size() + this.authReps.size();
	}

	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		Mono<Authorization> answer = answer(() -> {
			this.authorizes.add(request);
			return check(request, false);
		});
		Duration delay = this.delay.get();
		return delay.isZero() ? answer : answer.delayElement(delay, this.time);
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return answer(() -> {
			this.authReps.add(request);
			return check(request, true);
		});
	}

	@Override
	public Mono<Void> report(ReportRequest request) {
		return answer(() -> {
			this.reported.addAll(request.transactions());
			request.transactions()
				.forEach((transaction) -> count(transaction.application(), transaction.usage(),
						Objects.requireNonNull(transaction.timestamp())));
			return true;
		}).then();
	}

	/**
	 * Return how much of a metric was granted at most before the first of it showed.
	 */
	long grantedBeforeShown(String metric) {
		Duration blind = this.lag.plus(this.latency);
		return this.granted.stream()
			.mapToLong((first) -> this.granted.stream()
				.filter((grant) -> !grant.at().isBefore(first.at()) && !grant.at().isAfter(first.at().plus(blind)))
				.mapToLong((grant) -> grant.demand().getOrDefault(metric, 0L))
				.sum())
			.max()
			.orElse(0);
	}

	private <T> Mono<T> answer(Supplier<T> answer) {
		Mono<T> now = Mono.fromSupplier(() -> {
			if (this.failure != null) {
				throw this.failure;
			}
			return answer.get();
		});
		return this.latency.isZero() ? now : Mono.delay(this.latency, this.time).then(now);
	}

	private Authorization check(AuthorizationRequest request, boolean count) {
		if (this.denial != null) {
			return new Denied(this.denial, null, ApplicationStatus.UNKNOWN);
		}
		if (this.missing != null && request.usage().increments().containsKey(this.missing)) {
			throw new ThreeScaleMisconfiguredException("no such metric", ErrorCode.METRIC_INVALID);
		}
		Authorization answer = decide(request, count);
		boolean empty = this.unreadable || request.extensions().contains(Extension.NO_BODY);
		return (empty && answer.isGranted()) ? new Granted(ApplicationStatus.UNKNOWN) : answer;
	}

	private Authorization decide(AuthorizationRequest request, boolean count) {
		Map<String, Long> demand = TREE.propagate(request.usage().increments());
		Instant now = now();
		boolean fits = this.limits.stream()
			.filter((limit) -> demand.containsKey(limit.metric()))
			.allMatch((limit) -> shown(request.application(), limit, now) + demand.get(limit.metric()) <= limit.max());
		Map<String, Long> included = (fits && count) ? demand : Map.of();
		List<UsageReport> reports = this.limits.stream()
			.map((limit) -> new UsageReport(limit.metric(), limit.period(), limit.period().windowAt(now), limit.max(),
					shown(request.application(), limit, now) + included.getOrDefault(limit.metric(), 0L), false))
			.toList();
		if (fits && count) {
			this.granted.add(new Grant(now, demand));
			count(request.application(), request.usage(), now);
		}
		ApplicationStatus status = new ApplicationStatus("plan", reports, null, TREE, List.of(), null);
		return fits ? new Granted(status) : new Denied(ErrorCode.LIMITS_EXCEEDED, null, status);
	}

	private void count(ApplicationCredentials application, Usage usage, Instant timestamp) {
		TREE.propagate(usage.increments()).forEach((metric, amount) -> {
			for (Limit limit : this.limits) {
				if (limit.metric().equals(metric)) {
					Counter counter = Counter.of(application, limit, timestamp);
					this.accepted.merge(counter, amount, Long::sum);
					this.time.schedule(() -> this.shown.merge(counter, amount, Long::sum), this.lag.toMillis(),
							java.util.concurrent.TimeUnit.MILLISECONDS);
				}
			}
		});
	}

	private long shown(ApplicationCredentials application, Limit limit, Instant now) {
		return this.shown.getOrDefault(Counter.of(application, limit, now), 0L);
	}

	Map<Counter, Long> accepted() {
		return this.accepted;
	}

	@Override
	public void close() {
	}

}

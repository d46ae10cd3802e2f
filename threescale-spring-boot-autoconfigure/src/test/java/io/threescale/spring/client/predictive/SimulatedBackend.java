package io.threescale.spring.client.predictive;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.LimitHeaders;
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
import io.threescale.spring.client.predictive.Plan.Limit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A 3scale that takes its time: what it accepts shows only after a lag, as in the real
 * one, so that calls at the same time are all granted.
 */
class SimulatedBackend implements ReactiveThreeScaleClient {

	MetricHierarchy tree = new MetricHierarchy(Map.of("hits", List.of("search", "list")));

	final List<Limit> limits = new ArrayList<>();

	final List<AuthorizationRequest> authorizes = new ArrayList<>();

	final List<AuthorizationRequest> authReps = new ArrayList<>();

	final List<Transaction> reported = new ArrayList<>();

	/** How many requests reported something. */
	int reports;

	Duration lag = Duration.ZERO;

	Duration latency = Duration.ZERO;

	/** How long an answer to authorize is on its way, which a later one may overtake. */
	Supplier<Duration> delay = () -> Duration.ZERO;

	/** How far the clock of the host that answers is behind that of the others. */
	Duration behind = Duration.ZERO;

	/** How far the clocks of the instances are ahead. */
	Duration skew = Duration.ZERO;

	@Nullable ThreeScaleException failure;

	@Nullable ErrorCode denial;

	/** A metric of this name does not exist. */
	@Nullable String missing;

	/** Whether answers arrive without anything in them. */
	boolean unreadable;

	private final VirtualTimeScheduler time;

	private final List<Arrival> arrivals = new ArrayList<>();

	private final Map<Counter, Long> shown = new HashMap<>();

	private final Map<Counter, Long> accepted = new HashMap<>();

	SimulatedBackend(VirtualTimeScheduler time) {
		this.time = time;
	}

	private record Arrival(Instant at, Map<String, Long> demand, boolean decidedHere) {
	}

	record Counter(ApplicationCredentials application, Limit limit, @Nullable PeriodWindow window) {

		static Counter of(ApplicationCredentials caller, Limit limit, Instant time) {
			return new Counter(identity(caller), limit, limit.period().windowAt(time));
		}

		/** Usage is the application's, whatever key it shows. */
		static ApplicationCredentials identity(ApplicationCredentials caller) {
			return caller.identity();
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
			this.reports++;
			this.reported.addAll(request.transactions());
			request.transactions()
				.forEach((transaction) -> count(transaction.application(), transaction.usage(),
						Objects.requireNonNull(transaction.timestamp()), false));
			return true;
		}).then();
	}

	/**
	 * Return how much of a metric was accepted at most before the first of it showed.
	 */
	long acceptedBeforeShown(String metric) {
		Duration blind = this.lag.plus(this.latency);
		long most = 0;
		long sum = 0;
		int first = 0;
		for (Arrival arrival : this.arrivals) {
			sum += arrival.demand().getOrDefault(metric, 0L);
			while (this.arrivals.get(first).at().plus(blind).isBefore(arrival.at())) {
				sum -= this.arrivals.get(first).demand().getOrDefault(metric, 0L);
				first++;
			}
			most = Math.max(most, sum);
		}
		return most;
	}

	/**
	 * Return how much this has decided itself and counted in another period than a clock
	 * tells that is not right.
	 */
	long decidedAroundTurn(Counter counter, Duration skew) {
		PeriodWindow window = counter.window();
		if (window == null) {
			return 0;
		}
		return this.arrivals.stream()
			.filter(Arrival::decidedHere)
			.filter((arrival) -> isWithin(arrival.at(), window.start(), skew)
					|| isWithin(arrival.at(), window.end(), skew))
			.mapToLong((arrival) -> arrival.demand().getOrDefault(counter.limit().metric(), 0L))
			.sum();
	}

	private static boolean isWithin(Instant time, Instant of, Duration distance) {
		return Duration.between(time, of).abs().compareTo(distance) <= 0;
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
		Map<String, Long> demand = this.tree.propagate(request.usage().increments());
		Instant now = now().minus(this.behind);
		boolean fits = this.limits.stream()
			.filter((limit) -> demand.containsKey(limit.metric()))
			.allMatch((limit) -> shown(request.application(), limit, now) + demand.get(limit.metric()) <= limit.max());
		Map<String, Long> included = (fits && count) ? demand : Map.of();
		List<UsageReport> reports = this.limits.stream()
			.map((limit) -> new UsageReport(limit.metric(), limit.period(), limit.period().windowAt(now), limit.max(),
					shown(request.application(), limit, now) + included.getOrDefault(limit.metric(), 0L), false))
			.toList();
		if (fits && count) {
			count(request.application(), request.usage(), now, true);
		}
		LimitHeaders headers = request.extensions().contains(Extension.LIMIT_HEADERS) ? headers(demand, reports, now)
				: null;
		ApplicationStatus status = new ApplicationStatus("plan", reports, headers, shownTree(), List.of(), null);
		return fits ? new Granted(status) : new Denied(ErrorCode.LIMITS_EXCEEDED, null, status);
	}

	/** The limit that leaves the fewest calls. */
	private static LimitHeaders headers(Map<String, Long> demand, List<UsageReport> reports, Instant now) {
		return reports.stream()
			.filter((report) -> demand.getOrDefault(report.metric(), 0L) > 0)
			.min(Comparator.comparingLong((report) -> report.remaining() / demand.get(report.metric())))
			.map((report) -> new LimitHeaders(report.remaining() / demand.get(report.metric()),
					(report.window() != null) ? Duration.between(now, report.window().end()).plusMillis(999).toSeconds()
							: -1,
					report.maxValue()))
			.orElseGet(() -> new LimitHeaders(-1, -1, null));
	}

	/** As in the real one, metrics without limits are not listed. */
	private MetricHierarchy shownTree() {
		Map<String, List<String>> shown = new HashMap<>();
		this.limits.forEach(
				(limit) -> shown.put(limit.metric(), this.tree.children().getOrDefault(limit.metric(), List.of())));
		return new MetricHierarchy(shown);
	}

	long reportedUnits() {
		return this.reported.stream()
			.flatMap((transaction) -> transaction.usage().increments().values().stream())
			.mapToLong(Long::longValue)
			.sum();
	}

	private void count(ApplicationCredentials application, Usage usage, Instant timestamp, boolean decidedHere) {
		Map<String, Long> demand = this.tree.propagate(usage.increments());
		this.arrivals.add(new Arrival(now(), demand, decidedHere));
		demand.forEach((metric, amount) -> {
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

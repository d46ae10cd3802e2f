package io.threescale.spring.client.reporting;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.SteadyTime;
import org.jetbrains.annotations.ApiStatus;
import reactor.core.publisher.Mono;

/**
 * Remembers for some minutes what 3scale has said about the metrics of a service, and
 * asks about the others: it accepts a report with a metric that it does not have, and
 * drops all of it ({@code protocol.md} 6.3).
 */
@ApiStatus.Internal
public final class KnownMetrics {

	/** Services have dozens. Names may come from what a caller sends. */
	private static final int MAX_METRICS = 10_000;

	/** 3scale itself notices a new metric within a minute. */
	private static final Duration MISSING_FOR = Duration.ofMinutes(1);

	private static final Duration KNOWN_FOR = BatchingSettings.defaults().knownFor();

	private final Cache<String, Boolean> known;

	/** Tells of each whether somebody was told of it. */
	private final Cache<String, AtomicBoolean> missing;

	private final Map<String, Mono<State>> questions = new ConcurrentHashMap<>();

	/**
	 * Create an empty memory for a client that remembers nothing.
	 */
	public KnownMetrics() {
		this(KNOWN_FOR, new SteadyTime(Clock.systemUTC(), System::nanoTime));
	}

	KnownMetrics(Duration knownFor, SteadyTime time) {
		this.known = KnownApplications.cache(MAX_METRICS, knownFor, time);
		this.missing = KnownApplications.cache(MAX_METRICS, MISSING_FOR, time);
	}

	/**
	 * What is known of a metric.
	 */
	public enum State {

		/** 3scale had it lately. */
		KNOWN,

		/** 3scale did not have it lately. */
		MISSING,

		/** 3scale has not said anything about it lately. */
		UNKNOWN

	}

	/**
	 * Tell what is known of a metric without asking.
	 * @param metric the system name of the metric
	 * @return the state
	 */
	public State state(String metric) {
		if (isKnown(metric)) {
			return State.KNOWN;
		}
		return (this.missing.getIfPresent(metric) != null) ? State.MISSING : State.UNKNOWN;
	}

	/**
	 * Tell whether 3scale had a metric lately.
	 * @param metric the system name of the metric
	 * @return whether it is known
	 */
	public boolean isKnown(String metric) {
		return this.known.getIfPresent(metric) != null;
	}

	/**
	 * Tell whether 3scale had all of some metrics lately.
	 * @param metrics the system names of metrics
	 * @return whether all are known
	 */
	public boolean areKnown(Collection<String> metrics) {
		for (String metric : metrics) {
			if (!isKnown(metric)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Return which metrics 3scale is not known to have.
	 * @param metrics the system names of metrics
	 * @return those that are not known
	 */
	public Set<String> unknown(Collection<String> metrics) {
		return metrics.stream().filter((metric) -> !isKnown(metric)).collect(Collectors.toUnmodifiableSet());
	}

	/**
	 * Find out whether 3scale has a metric, with one question for all who want to know.
	 * @param question asks about the metric alone, and counts nothing
	 * @param client asks 3scale
	 * @return what is known then; fails if 3scale cannot be asked
	 */
	public Mono<State> find(AuthorizationRequest question, ReactiveThreeScaleClient client) {
		String metric = question.usage().increments().keySet().iterator().next();
		return this.questions.computeIfAbsent(metric, (absent) -> Mono
			.defer(() -> (state(metric) != State.UNKNOWN) ? Mono.just(state(metric)) : ask(question, metric, client))
			.doOnTerminate(() -> this.questions.remove(metric))
			.cache());
	}

	private Mono<State> ask(AuthorizationRequest question, String metric, ReactiveThreeScaleClient client) {
		return client.authorize(question)
			.doOnNext((answer) -> learn(question, answer))
			.doOnError(ThreeScaleException.class, (failure) -> learn(question, failure))
			.then()
			.onErrorComplete((failure) -> ReportFailure.code(failure) != null)
			.then(Mono.fromSupplier(() -> state(metric)));
	}

	/**
	 * Tell, once as long as it is remembered, that 3scale does not have a metric.
	 * @param metric the system name of the metric
	 * @return whether this is news
	 */
	public boolean isNews(String metric) {
		AtomicBoolean told = this.missing.getIfPresent(metric);
		return told != null && told.compareAndSet(false, true);
	}

	/**
	 * Learn from what 3scale has answered. It looks at limits only when everything else
	 * is right.
	 */
	void learn(AuthorizationRequest request, Authorization answer) {
		if (!(answer instanceof Denied denied) || denied.code().equals(ErrorCode.LIMITS_EXCEEDED)) {
			request.usage().increments().keySet().forEach(this::learn);
			for (UsageReport report : answer.usageReports()) {
				learn(report.metric());
			}
		}
	}

	private void learn(String metric) {
		this.known.put(metric, true);
		this.missing.invalidate(metric);
	}

	/**
	 * Learn from a failure: of several metrics, any may be the one that 3scale has not.
	 */
	void learn(AuthorizationRequest request, ThreeScaleException failure) {
		if (ErrorCode.METRIC_INVALID.equals(ReportFailure.code(failure))) {
			Set<String> metrics = request.usage().increments().keySet();
			this.known.invalidateAll(metrics);
			if (metrics.size() == 1) {
				metrics.forEach((metric) -> this.missing.get(metric, (absent) -> new AtomicBoolean()));
			}
		}
	}

	long size() {
		return this.known.estimatedSize() + this.missing.estimatedSize();
	}

	void clear() {
		this.known.invalidateAll();
		this.missing.invalidateAll();
	}

}

package io.threescale.spring.metering;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.Usage;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.metering.MeteredCall.Admission;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Remembers for some minutes what 3scale has said about metrics, and asks about the
 * others: it accepts a report with a metric that it does not have, and drops all of it
 * ({@code protocol.md} 6.3).
 */
final class KnownMetrics {

	private static final Duration KNOWN_FOR = Duration.ofMinutes(5);

	/** 3scale itself notices a new metric within a minute. */
	private static final Duration MISSING_FOR = Duration.ofMinutes(1);

	/** Services have dozens. Names may come from what a caller sends. */
	private static final int MAX_METRICS = 1_000;

	private final Map<Metric, Finding> findings = new ConcurrentHashMap<>();

	private final Map<Metric, Mono<State>> questions = new ConcurrentHashMap<>();

	private final MeteringLog log;

	private final LongSupplier nanoTime;

	/**
	 * Create an empty memory.
	 * @param log hears of metrics that 3scale does not have
	 * @param nanoTime the time in ns, which never goes back
	 */
	KnownMetrics(MeteringLog log, LongSupplier nanoTime) {
		this.log = log;
		this.nanoTime = nanoTime;
	}

	/**
	 * What is known of a metric.
	 */
	enum State {

		/** 3scale had it lately. */
		KNOWN,

		/** 3scale did not have it lately. */
		MISSING,

		/** 3scale has not said anything about it lately. */
		UNKNOWN

	}

	private record Metric(String service, String name) {
	}

	private record Finding(State state, long at) {

		boolean isOlderThan(Duration age, long now) {
			return now - this.at >= age.toNanos();
		}

		boolean isOver(long now) {
			return isOlderThan((this.state == State.KNOWN) ? KNOWN_FOR : MISSING_FOR, now);
		}

	}

	/**
	 * Learn from a call that 3scale has granted.
	 */
	void learn(Admission admission, Authorization granted) {
		String service = admission.service().id();
		for (String metric : admission.operation().usage().increments().keySet()) {
			remember(new Metric(service, metric), State.KNOWN);
		}
		for (UsageReport report : granted.usageReports()) {
			remember(new Metric(service, report.metric()), State.KNOWN);
		}
	}

	/**
	 * Tell whether 3scale has a metric, as far as that is known without asking. What the
	 * call was authorized for, it has.
	 */
	boolean knows(Admission admission, String metric) {
		return admission.operation().usage().increments().containsKey(metric)
				|| recall(new Metric(admission.service().id(), metric)) == State.KNOWN;
	}

	/**
	 * Find out whether 3scale has a metric, with one question for all who want to know.
	 * @return what is known; does not fail
	 */
	Mono<State> find(Admission admission, String name) {
		Metric metric = new Metric(admission.service().id(), name);
		return this.questions.computeIfAbsent(metric, (absent) -> Mono.defer(() -> {
			State state = recall(metric);
			return (state != State.UNKNOWN || isFull()) ? Mono.just(state) : ask(admission, metric);
		}).doOnTerminate(() -> this.questions.remove(metric)).cache());
	}

	private Mono<State> ask(Admission admission, Metric metric) {
		ApplicationCredentials caller = admission.caller();
		AuthorizationRequest question = AuthorizationRequest.of(caller, Usage.of(metric.name(), 0))
			.withReferrer(admission.referrer());
		return admission.service()
			.client()
			.authorize(question)
			.map(KnownMetrics::stateBy)
			.onErrorResume((failure) -> Mono.just(stateBy(failure)))
			.defaultIfEmpty(State.UNKNOWN)
			.doOnNext((state) -> {
				remember(metric, state);
				if (state == State.MISSING) {
					this.log.missingMetric(admission.operation(), metric.name());
				}
			});
	}

	/**
	 * 3scale looks at limits only when everything else is right.
	 */
	private static State stateBy(Authorization answer) {
		boolean complete = !(answer instanceof Denied denied) || denied.code().equals(ErrorCode.LIMITS_EXCEEDED);
		return complete ? State.KNOWN : State.UNKNOWN;
	}

	private static State stateBy(Throwable failure) {
		boolean missing = failure instanceof ThreeScaleMisconfiguredException misconfigured
				&& ErrorCode.METRIC_INVALID.equals(misconfigured.code());
		return missing ? State.MISSING : State.UNKNOWN;
	}

	private State recall(Metric metric) {
		Finding finding = this.findings.get(metric);
		return (finding != null && !finding.isOver(this.nanoTime.getAsLong())) ? finding.state() : State.UNKNOWN;
	}

	/**
	 * Most of what is learnt is known already, so it is written down again only now and
	 * then.
	 */
	private void remember(Metric metric, State state) {
		if (state == State.UNKNOWN) {
			return;
		}
		long now = this.nanoTime.getAsLong();
		@Nullable Finding before = this.findings.get(metric);
		if (before != null && before.state() == state && !before.isOlderThan(MISSING_FOR, now)) {
			return;
		}
		if (before != null || !isFull()) {
			this.findings.put(metric, new Finding(state, now));
		}
	}

	private boolean isFull() {
		if (this.findings.size() >= MAX_METRICS) {
			long now = this.nanoTime.getAsLong();
			this.findings.values().removeIf((finding) -> finding.isOver(now));
		}
		return this.findings.size() >= MAX_METRICS;
	}

}

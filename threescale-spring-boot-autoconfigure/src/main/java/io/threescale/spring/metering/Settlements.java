package io.threescale.spring.metering;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.reporting.KnownMetrics;
import io.threescale.spring.client.reporting.KnownMetrics.State;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Charges calls for what is not charged with the decision.
 */
final class Settlements {

	private final MeteringListener listener;

	private final MeteringLog log;

	private final MeteringSettings settings;

	private final Clock clock;

	private final OpenCalls openCalls;

	Settlements(MeteringListener listener, MeteringLog log, MeteringSettings settings, Clock clock,
			OpenCalls openCalls) {
		this.listener = listener;
		this.log = log;
		this.settings = settings;
		this.clock = clock;
		this.openCalls = openCalls;
	}

	/**
	 * Charge a call that is done, once.
	 */
	void settle(MeteredCall call, CompletedCall completed) {
		Admission admission = call.admission();
		if (call.settle() && admission != null && call.isMetered()) {
			charge(call, Mono.defer(() -> {
				Usage due = call.due(admission.operation(), completed,
						(ex) -> this.log.unmeasured(admission.operation(), ex));
				return isNothing(due) ? Mono.empty()
						: report(admission, due, this.settings.responseCodes() ? completed.status() : null);
			}));
		}
	}

	/**
	 * Charge what a call turns out to have used, with the call or, if that is done, by
	 * itself.
	 */
	void charge(MeteredCall call, String metric, long units) {
		Admission admission = call.admission();
		if (!call.addIfOpen(metric, units) && admission != null && call.isMetered()) {
			charge(call, report(admission, Usage.of(metric, units), null));
		}
	}

	private void charge(MeteredCall call, Mono<Boolean> report) {
		this.openCalls.add(call);
		report.doOnError(this.log::unsettled)
			.onErrorComplete()
			.doFinally((signal) -> this.openCalls.remove(call))
			.subscribe();
	}

	private static boolean isNothing(Usage usage) {
		return usage.increments().values().stream().allMatch((units) -> units == 0);
	}

	/**
	 * Have usage counted. A metric that 3scale does not have voids a report, so what is
	 * not known to be right is reported apart. The response code goes with the first
	 * report.
	 * @return whether all of it is counted; does not fail
	 */
	Mono<Boolean> report(Admission admission, Usage usage, @Nullable Integer responseCode) {
		Map<String, Long> doubtful = new HashMap<>(usage.increments());
		doubtful.entrySet().removeIf((used) -> used.getValue() == 0 || isKnown(admission, used.getKey()));
		if (doubtful.isEmpty()) {
			return report(admission, usage, responseCode, State.KNOWN);
		}
		Map<String, Long> known = new HashMap<>(usage.increments());
		known.keySet().removeAll(doubtful.keySet());
		List<Mono<Boolean>> reports = new ArrayList<>();
		if (!isNothing(Usage.of(known))) {
			reports.add(report(admission, Usage.of(known), responseCode, State.KNOWN));
		}
		doubtful.forEach((metric, units) -> {
			Integer code = reports.isEmpty() ? responseCode : null;
			reports.add(find(admission, metric)
				.flatMap((state) -> report(admission, Usage.of(metric, units), code, state)));
		});
		return Flux.concat(reports).reduce(true, Boolean::logicalAnd);
	}

	/**
	 * What a call was authorized for, 3scale has.
	 */
	private static boolean isKnown(Admission admission, String metric) {
		return admission.operation().usage().increments().containsKey(metric)
				|| admission.service().metrics().isKnown(metric);
	}

	private Mono<State> find(Admission admission, String metric) {
		KnownMetrics metrics = admission.service().metrics();
		AuthorizationRequest question = AuthorizationRequest.of(admission.caller(), Usage.of(metric, 0))
			.withReferrer(admission.referrer());
		return metrics.find(question, admission.service().client()).onErrorReturn(State.UNKNOWN).doOnNext((state) -> {
			if (metrics.isNews(metric)) {
				this.log.missingMetric(admission.operation(), metric);
			}
		});
	}

	private Mono<Boolean> report(Admission admission, Usage usage, @Nullable Integer responseCode, State metrics) {
		Transaction transaction = new Transaction(admission.caller(), usage, this.clock.instant(), responseCode);
		return admission.service()
			.client()
			.report(transaction)
			.thenReturn(metrics != State.MISSING)
			.onErrorResume((ex) -> {
				this.log.unavailable("went on, and could not be charged", ex);
				return Mono.just(false);
			})
			.doOnNext((counted) -> this.listener.used(admission.service().id(), usage, counted));
	}

}

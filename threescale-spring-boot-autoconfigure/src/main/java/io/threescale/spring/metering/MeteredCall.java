package io.threescale.spring.metering;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.Usage;
import io.threescale.spring.metering.Admission.Billing;
import io.threescale.spring.metering.problem.MeteringException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.util.Assert;

/**
 * A call that goes on, and the place to say what it uses where that is not known before.
 * A controller method takes it as an argument:
 *
 * <pre class="code">
 * &#64;ThreeScaleMetered(metric = "tokens", delta = 500)
 * String complete(@RequestBody String prompt, MeteredCall call) {
 *     Completion completion = model.complete(prompt);
 *     call.add("tokens", completion.totalTokens());
 *     return completion.text();
 * }
 * </pre>
 *
 * Such a call is authorized with what the annotation says and charged once, when it is
 * done, with what was added. May be used by several threads.
 *
 * @since 0.1.0
 */
public final class MeteredCall {

	private final @Nullable Admission admission;

	private final @Nullable MeteringDecision decision;

	private final @Nullable MeteringException refusal;

	private final Billing billing;

	private final Map<String, Long> added = new HashMap<>();

	private boolean settled;

	/**
	 * Create a call.
	 * @param admission what 3scale was asked about, or {@code null} if it was not
	 * @param decision how the call was decided, or {@code null} if nobody meters it
	 * @param refusal what it is answered, unless nothing is enforced, or {@code null} if
	 * it passes
	 */
	MeteredCall(@Nullable Admission admission, @Nullable MeteringDecision decision,
			@Nullable MeteringException refusal) {
		this.admission = admission;
		this.decision = decision;
		this.refusal = refusal;
		this.billing = (admission != null && decision != null) ? admission.billing(decision.outcome()) : Billing.FREE;
	}

	/**
	 * Create a call that nobody meters, as where metering is switched off. What is added
	 * to it is not charged.
	 * @return a granted call
	 */
	public static MeteredCall unmetered() {
		return new MeteredCall(null, null, null);
	}

	/**
	 * Return the call that is being served, from the context of a reactive chain.
	 * @return the call; an {@linkplain #unmetered() unmetered} one if there is none
	 */
	public static Mono<MeteredCall> current() {
		return Mono.deferContextual((context) -> {
			CurrentCall current = CurrentCall.in(context);
			MeteredCall call = (current != null) ? current.get() : null;
			return Mono.just((call != null) ? call : unmetered());
		});
	}

	/**
	 * Return what 3scale said of the call.
	 * @return the decision, with {@link ApplicationStatus#UNKNOWN} if nobody was asked; a
	 * denial if the call is beyond a soft limit, or denials are not enforced
	 */
	public Authorization authorization() {
		Authorization answer = (this.decision != null) ? this.decision.authorization() : null;
		return (answer != null) ? answer : new Granted(ApplicationStatus.UNKNOWN);
	}

	/**
	 * Return what the call is answered, unless nothing is enforced, or {@code null} if it
	 * passes.
	 */
	@Nullable MeteringException refusal() {
		return this.refusal;
	}

	/**
	 * Return how the call was decided, or {@code null} if nobody meters it.
	 */
	@Nullable MeteringDecision decision() {
		return this.decision;
	}

	/**
	 * Return what 3scale was asked about, or {@code null} if it was not.
	 */
	@Nullable Admission admission() {
		return this.admission;
	}

	Billing billing() {
		return this.billing;
	}

	/**
	 * Tell whether anybody meters the call.
	 * @return whether what it uses is charged
	 */
	public boolean isMetered() {
		return this.billing != Billing.FREE;
	}

	boolean isMeasured() {
		return this.admission != null && !this.admission.operation().measures().isEmpty();
	}

	/**
	 * Return who calls.
	 * @return the credentials, or {@code null} if nobody meters the call
	 */
	public @Nullable ApplicationCredentials caller() {
		return (this.admission != null) ? this.admission.caller() : null;
	}

	/**
	 * Add to what the call has used; may be called by any thread, until the call is done.
	 * What is added to a metric takes the place of what the operation says of it
	 * beforehand, unless that is charged already.
	 * @param metric the system name of the metric
	 * @param units how many, nought or more
	 * @return this call
	 * @throws IllegalArgumentException if the metric has no name, or units are negative,
	 * or more than 3scale can count in a call
	 * @throws IllegalStateException if the call is done and was charged
	 */
	public MeteredCall add(String metric, long units) {
		Assert.state(addIfOpen(metric, units), "The call is done");
		return this;
	}

	/**
	 * Add to what the call has used, unless it is done.
	 * @return whether it was added
	 */
	synchronized boolean addIfOpen(String metric, long units) {
		if (!this.settled) {
			add(this.added, metric, units);
		}
		return !this.settled;
	}

	/**
	 * Add what can be reported, or nothing.
	 */
	private static void add(Map<String, Long> used, String metric, long units) {
		long known = used.getOrDefault(metric, 0L);
		used.putAll(Usage.of(metric, known).and(metric, units).increments());
	}

	/**
	 * Tell whether the call is done.
	 * @return whether nothing can be added any more
	 */
	public synchronized boolean isDone() {
		return this.settled;
	}

	/**
	 * Say that the call is done.
	 * @return whether nobody has said so before
	 */
	synchronized boolean settle() {
		boolean first = !this.settled;
		this.settled = true;
		return first;
	}

	/**
	 * Return what is to be charged yet. What cannot be measured is charged as it was
	 * authorized: it was not for nothing.
	 */
	synchronized Usage due(MeteredOperation operation, CompletedCall completed, Consumer<RuntimeException> unmeasured) {
		Map<String, Long> due = new HashMap<>(this.added);
		if (this.billing == Billing.DUE) {
			if (!operation.chargeOn().charges(completed.status())) {
				return Usage.NONE;
			}
			operation.measures().forEach((measure) -> add(measure, completed, due, unmeasured));
			operation.usage().increments().forEach(due::putIfAbsent);
		}
		return Usage.of(due);
	}

	/** An expression calls code of the application, which may throw anything. */
	private static void add(Measure measure, CompletedCall completed, Map<String, Long> due,
			Consumer<RuntimeException> unmeasured) {
		try {
			add(due, measure.metric(), measure.of(completed));
		}
		catch (RuntimeException ex) {
			unmeasured.accept(ex);
		}
	}

}

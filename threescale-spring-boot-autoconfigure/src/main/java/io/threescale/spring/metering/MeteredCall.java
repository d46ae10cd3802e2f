package io.threescale.spring.metering;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.Usage;
import io.threescale.spring.metering.DecisionObserver.Observed;
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

	private final Authorization authorization;

	private final @Nullable MeteringException refusal;

	private final @Nullable MeteringDecision decision;

	private final Map<String, Long> added = new HashMap<>();

	private boolean settled;

	/**
	 * How a call came to go on.
	 *
	 * @param operation what is called
	 * @param service the service it belongs to
	 * @param caller who calls
	 * @param referrer where the call comes from, as 3scale is told, or {@code null}
	 * @param billing how what it uses is charged
	 * @param observed observes the decision, or {@code null}
	 */
	record Admission(MeteredOperation operation, MeteredService service, ApplicationCredentials caller,
			@Nullable String referrer, Billing billing, @Nullable Observed observed) {

		boolean charged() {
			return this.billing == Billing.CHARGED;
		}

		Admission with(Billing billing) {
			return new Admission(this.operation, this.service, this.caller, this.referrer, billing, this.observed);
		}

	}

	/**
	 * How what a call uses is charged.
	 */
	enum Billing {

		/** What the operation uses is charged already, and only what is added yet. */
		CHARGED,

		/** All is charged when the call is done. */
		DUE,

		/** Nothing is charged. */
		FREE

	}

	MeteredCall(@Nullable Admission admission, Authorization authorization) {
		this(admission, authorization, null, null);
	}

	/**
	 * Create a call.
	 * @param refusal what it would be answered if anything was enforced, or {@code null}
	 * @param decision how it was decided, or {@code null} if nobody has
	 */
	MeteredCall(@Nullable Admission admission, Authorization authorization, @Nullable MeteringException refusal,
			@Nullable MeteringDecision decision) {
		this.admission = admission;
		this.authorization = authorization;
		this.refusal = refusal;
		this.decision = decision;
	}

	/**
	 * Create a call that nobody meters, as where metering is switched off. What is added
	 * to it is not charged.
	 * @return a granted call
	 */
	public static MeteredCall unmetered() {
		return new MeteredCall(null, new Granted(ApplicationStatus.UNKNOWN));
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
		return this.authorization;
	}

	/**
	 * Return what the call would be answered if anything was enforced, or {@code null} if
	 * it would pass.
	 */
	@Nullable MeteringException refusal() {
		return this.refusal;
	}

	/**
	 * Return how the call was decided, or {@code null} if nobody has decided about it.
	 */
	@Nullable MeteringDecision decision() {
		return this.decision;
	}

	/**
	 * Return how the call came to go on, or {@code null} if nobody meters it.
	 */
	@Nullable Admission admission() {
		return this.admission;
	}

	/**
	 * Tell whether anybody meters the call.
	 * @return whether what it uses is charged
	 */
	public boolean isMetered() {
		return this.admission != null && this.admission.billing() != Billing.FREE;
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
	 * Return how the call came to go on, once: to the one who is to charge it.
	 */
	synchronized @Nullable Admission settle() {
		boolean first = !this.settled;
		this.settled = true;
		return (first && isMetered()) ? this.admission : null;
	}

	/**
	 * Return what is to be charged yet. What cannot be measured is charged as it was
	 * authorized: it was not for nothing.
	 */
	synchronized Usage due(Admission admission, CompletedCall completed, Consumer<RuntimeException> unmeasured) {
		Map<String, Long> due = new HashMap<>(this.added);
		MeteredOperation operation = admission.operation();
		if (!admission.charged()) {
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

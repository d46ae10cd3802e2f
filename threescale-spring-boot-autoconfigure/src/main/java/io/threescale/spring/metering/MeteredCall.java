package io.threescale.spring.metering;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.Usage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.expression.EvaluationException;
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

	private final Granted authorization;

	private final Map<String, Long> added = new ConcurrentHashMap<>();

	private final AtomicBoolean settled = new AtomicBoolean();

	/**
	 * How a call came to go on.
	 *
	 * @param operation what is called
	 * @param service the service it belongs to
	 * @param caller who calls
	 * @param charged whether what the operation uses is charged already
	 */
	record Admission(MeteredOperation operation, MeteredService service, ApplicationCredentials caller,
			boolean charged) {
	}

	MeteredCall(@Nullable Admission admission, Granted authorization) {
		this.admission = admission;
		this.authorization = authorization;
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
	 * @return the decision, with {@link ApplicationStatus#UNKNOWN} if nobody was asked
	 */
	public Granted authorization() {
		return this.authorization;
	}

	/**
	 * Return who calls.
	 * @return the credentials, or {@code null} if nobody meters the call
	 */
	public @Nullable ApplicationCredentials caller() {
		return (this.admission != null) ? this.admission.caller() : null;
	}

	/**
	 * Add to what the call has used. What is added to a metric takes the place of what
	 * the operation says of it beforehand, unless that is charged already.
	 * @param metric the system name of the metric
	 * @param units how many, nought or more
	 * @return this call
	 * @throws IllegalArgumentException if units are negative, or more than 3scale can
	 * count in a call
	 * @throws IllegalStateException if the call is done and was charged
	 */
	public MeteredCall add(String metric, long units) {
		Assert.isTrue(units >= 0, "'units' must not be negative");
		Assert.state(!this.settled.get(), "The call is done");
		if (this.admission != null) {
			this.added.merge(metric, units, MeteredCall::sum);
		}
		return this;
	}

	private static long sum(long one, long other) {
		Assert.isTrue(one + other <= Usage.MAX_AMOUNT, "A call can not use so much");
		return one + other;
	}

	/**
	 * Tell whether the call is done.
	 * @return whether nothing can be added any more
	 */
	public boolean isDone() {
		return this.settled.get();
	}

	/**
	 * Return how the call came to go on, once: to the one who is to charge it.
	 */
	@Nullable Admission settle() {
		return this.settled.compareAndSet(false, true) ? this.admission : null;
	}

	/**
	 * Return what is to be charged yet. What cannot be measured is charged as it was
	 * authorized: it was not for nothing.
	 */
	Usage due(Admission admission, CompletedCall completed, Consumer<RuntimeException> unmeasured) {
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

	private static void add(Measure measure, CompletedCall completed, Map<String, Long> due,
			Consumer<RuntimeException> unmeasured) {
		try {
			due.merge(measure.metric(), measure.of(completed), MeteredCall::sum);
		}
		catch (EvaluationException | IllegalArgumentException ex) {
			unmeasured.accept(ex);
		}
	}

}

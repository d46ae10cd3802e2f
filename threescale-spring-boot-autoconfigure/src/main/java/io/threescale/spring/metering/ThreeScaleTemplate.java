package io.threescale.spring.metering;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.metering.problem.MeteringException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Meters work of any kind: whatever is done here is done only if 3scale grants it, and is
 * charged, also within a request that is metered itself. <pre class="code">
 * String text = threeScale.metered(caller, Usage.of("tokens", 500), (call) -&gt; {
 *     Completion completion = model.complete(prompt);
 *     call.add("tokens", completion.totalTokens());
 *     return completion.text();
 * });
 * </pre>
 * <p>
 * Nothing is done, and a {@link MeteringException} thrown, if the caller may not. The
 * failure policy decides if 3scale cannot be asked. What the work throws is passed on;
 * the operation says whether the call is charged then. May be used by several threads.
 * Methods that return a {@code Mono} or a {@code Flux} ask nothing before subscription.
 *
 * @since 0.1.0
 */
public final class ThreeScaleTemplate {

	private static final String NAME = "ThreeScaleTemplate";

	private final @Nullable MeteringGate gate;

	private final CurrentCalls currentCalls;

	/**
	 * Create a template.
	 * @param gate decides
	 * @param currentCalls hears of the call while the work is done
	 */
	public ThreeScaleTemplate(MeteringGate gate, CurrentCalls currentCalls) {
		this.gate = gate;
		this.currentCalls = currentCalls;
	}

	private ThreeScaleTemplate() {
		this.gate = null;
		this.currentCalls = new CurrentCalls(() -> null, LogFields.NONE);
	}

	/**
	 * Create a template for where metering is switched off: everything is done, and
	 * nothing charged.
	 * @return the template
	 */
	public static ThreeScaleTemplate unmetered() {
		return new ThreeScaleTemplate();
	}

	/**
	 * Do what is charged beforehand.
	 * @param <T> the type of the result
	 * @param caller for whom
	 * @param usage what it uses
	 * @param work what to do
	 * @return the result
	 * @throws MeteringException if the caller may not
	 */
	public <T extends @Nullable Object> T metered(ApplicationCredentials caller, Usage usage, Supplier<T> work) {
		return metered(caller, beforehand(usage), (call) -> work.get());
	}

	/**
	 * Do what is charged when it is done, with what was added to the call.
	 * @param <T> the type of the result
	 * @param caller for whom
	 * @param usage what it uses, as far as known beforehand
	 * @param work what to do
	 * @return the result
	 * @throws MeteringException if the caller may not
	 */
	public <T extends @Nullable Object> T metered(ApplicationCredentials caller, Usage usage,
			Function<MeteredCall, T> work) {
		return metered(caller, afterwards(usage), work);
	}

	/**
	 * Do what an operation describes. Not for threads that must not wait.
	 * @param <T> the type of the result
	 * @param caller for whom
	 * @param operation what it is, what it uses, and when it is charged
	 * @param work what to do
	 * @return the result; if it comes later, as that of a
	 * {@link java.util.concurrent.CompletionStage} or a publisher does, the work is done
	 * then
	 * @throws MeteringException if the caller may not
	 */
	public <T extends @Nullable Object> T metered(ApplicationCredentials caller, MeteredOperation operation,
			Function<MeteredCall, T> work) {
		MeteringGate gate = this.gate;
		if (gate == null) {
			return work.apply(MeteredCall.unmetered());
		}
		MeteredCall call = MeteringGate.await(gate.admit(operation, caller));
		return new MeteredWork(gate, this.currentCalls, call).of(() -> work.apply(call));
	}

	/**
	 * Do what is charged beforehand, without blocking.
	 * @param <T> the type of the result
	 * @param caller for whom
	 * @param usage what it uses
	 * @param work what to do, at each subscription
	 * @return the result; fails with a {@link MeteringException} if the caller may not
	 */
	public <T> Mono<T> metered(ApplicationCredentials caller, Usage usage, Mono<T> work) {
		return metered(caller, beforehand(usage), work);
	}

	/**
	 * Stream what is charged beforehand, without blocking.
	 * @param <T> the type of the elements
	 * @param caller for whom
	 * @param usage what it uses
	 * @param work what to do, at each subscription
	 * @return the elements; fails with a {@link MeteringException} if the caller may not
	 */
	public <T> Flux<T> metered(ApplicationCredentials caller, Usage usage, Flux<T> work) {
		return metered(caller, beforehand(usage), work);
	}

	/**
	 * Do what an operation describes, without blocking. {@link MeteredCall#current()}
	 * gives the call.
	 * @param <T> the type of the result
	 * @param caller for whom
	 * @param operation what it is, what it uses, and when it is charged
	 * @param work what to do, at each subscription
	 * @return the result; fails with a {@link MeteringException} if the caller may not
	 */
	public <T> Mono<T> metered(ApplicationCredentials caller, MeteredOperation operation, Mono<T> work) {
		MeteringGate gate = this.gate;
		return (gate == null) ? work : gate.admit(operation, caller)
			.flatMap((call) -> new MeteredWork(gate, this.currentCalls, call).of(work));
	}

	/**
	 * Stream what an operation describes, without blocking. {@link MeteredCall#current()}
	 * gives the call.
	 * @param <T> the type of the elements
	 * @param caller for whom
	 * @param operation what it is, what it uses, and when it is charged
	 * @param work what to do, at each subscription
	 * @return the elements; fails with a {@link MeteringException} if the caller may not
	 */
	public <T> Flux<T> metered(ApplicationCredentials caller, MeteredOperation operation, Flux<T> work) {
		MeteringGate gate = this.gate;
		return (gate == null) ? work : gate.admit(operation, caller)
			.flatMapMany((call) -> new MeteredWork(gate, this.currentCalls, call).of(work));
	}

	/** Describe what is charged beforehand. */
	static MeteredOperation beforehand(Usage usage) {
		return MeteredOperation.of(NAME, usage);
	}

	/** Describe what is charged when it is done. */
	static MeteredOperation afterwards(Usage usage) {
		return new MeteredOperation(NAME, null, usage, ChargeOn.COMPLETION, List.of());
	}

}

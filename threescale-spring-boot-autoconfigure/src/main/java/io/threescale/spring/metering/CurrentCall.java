package io.threescale.spring.metering;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import io.threescale.spring.metering.Admission.Billing;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The place where the metered call is kept that a request, a method or other work is part
 * of. It goes along with the work, in the context of a reactive chain or on the thread,
 * so that what is part of a call is not charged again. The request's own call comes
 * first, if it is metered; that of a method on the way is neither decided about nor
 * settled with the request.
 *
 * @since 0.1.0
 * @see CurrentCalls
 */
@ApiStatus.Internal
public final class CurrentCall {

	private final AtomicReference<Mono<Void>> turn = new AtomicReference<>(Mono.empty());

	private volatile @Nullable MeteredCall admitted;

	private volatile @Nullable MeteredCall methodCall;

	private volatile @Nullable Object result;

	/**
	 * Create a place for work that is metered by itself.
	 * @param call the call of the work
	 * @return the place
	 */
	static CurrentCall of(MeteredCall call) {
		CurrentCall current = new CurrentCall();
		current.set(call);
		return current;
	}

	/**
	 * Find the place in the context of a reactive chain.
	 * @param context the context
	 * @return the place, or {@code null} if there is none
	 */
	public static @Nullable CurrentCall in(ContextView context) {
		return context.getOrDefault(CurrentCall.class, null);
	}

	/**
	 * Put the place into the context of a reactive chain.
	 * @param context the context
	 * @return the context with the place in it
	 */
	public Context into(Context context) {
		return context.put(CurrentCall.class, this);
	}

	/**
	 * Return the call.
	 * @return the call, or {@code null} if nothing was metered yet
	 */
	public @Nullable MeteredCall get() {
		MeteredCall admitted = this.admitted;
		return (admitted != null && admitted.isMetered()) ? admitted : this.methodCall;
	}

	/**
	 * Return how the call was decided, that of the request first, or {@code null} if
	 * nothing was decided yet.
	 */
	@Nullable MeteringDecision decision() {
		MeteredCall admitted = this.admitted;
		MeteredCall call = (admitted != null && admitted.decision() != null) ? admitted : this.methodCall;
		return (call != null) ? call.decision() : null;
	}

	/**
	 * Note that a method was metered on the way. What follows is part of its call, unless
	 * the request itself is metered yet.
	 * @param call the call of the method
	 */
	public void set(MeteredCall call) {
		this.methodCall = call;
	}

	/**
	 * Return the call that the request itself makes.
	 * @return the call, metered or not, or {@code null} if nobody has decided about it
	 */
	public @Nullable MeteredCall admitted() {
		return this.admitted;
	}

	/**
	 * Note that the request goes on.
	 * @param call the call it makes
	 */
	public void admit(MeteredCall call) {
		this.admitted = call;
	}

	/**
	 * Tell whether what the handler of the request returns is measured.
	 * @return whether it is
	 */
	public boolean isMeasured() {
		MeteredCall admitted = this.admitted;
		return admitted != null && admitted.isMeasured();
	}

	/**
	 * Keep what the handler returned, if it is measured.
	 * @param result what becomes the body
	 */
	public void returned(@Nullable Object result) {
		if (isMeasured()) {
			this.result = result;
		}
	}

	/**
	 * Return what the handler returned.
	 * @return what becomes the body, or {@code null} if there is none, or nobody measures
	 * it
	 */
	public @Nullable Object result() {
		return this.result;
	}

	/**
	 * Have methods that are called at the same time decide one after the other, so that
	 * all but the first find the call they are part of. Who gives up waiting does not let
	 * the next one pass before it is its turn. Who gives up while 3scale decides does not
	 * stop that: the call may be charged already, and the next one is part of it.
	 * @param <T> what is decided
	 * @param decision how a method decides when it is its turn
	 * @return the decision
	 */
	public <T> Mono<T> inTurn(Mono<T> decision) {
		return Mono.defer(() -> {
			Sinks.Empty<Void> over = Sinks.empty();
			Mono<Void> before = this.turn.getAndSet(over.asMono());
			AtomicBoolean begun = new AtomicBoolean();
			AtomicBoolean abandoned = new AtomicBoolean();
			Mono<T> own = decision.doOnSuccess((decided) -> forgetIf(abandoned.get()))
				.doOnTerminate(over::tryEmitEmpty)
				.cache();
			return before.then(Mono.defer(() -> begun.compareAndSet(false, true) ? own : Mono.empty()))
				.doOnCancel(() -> {
					abandoned.set(true);
					if (begun.compareAndSet(false, true)) {
						before.subscribe(null, null, over::tryEmitEmpty);
					}
				});
		});
	}

	/**
	 * What is charged when it is done is not charged by a call that nobody works for.
	 */
	private void forgetIf(boolean abandoned) {
		MeteredCall call = this.methodCall;
		if (abandoned && call != null && call.billing() != Billing.CHARGED) {
			this.methodCall = null;
		}
	}

}

package io.threescale.spring.metering;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The calls that 3scale is to be asked or told about yet: from when a decision is asked
 * for until what is charged afterwards was reported.
 */
final class OpenCalls {

	/**
	 * A web server that has stopped may still serve connections it had just accepted, as
	 * Reactor Netty does, so nothing must happen for that long.
	 */
	private static final Duration QUIET = Duration.ofMillis(100);

	/** A stream may never end by itself. */
	private static final Duration MAX_WAIT_FOR_END = Duration.ofSeconds(2);

	// A call that is given up before its work begins is never settled
	private final Set<MeteredCall> unsettled = Collections.newSetFromMap(new WeakHashMap<>());

	private long asked;

	private long decided;

	/**
	 * Count a decision about a call, while it is made.
	 */
	<T> Mono<T> deciding(Mono<T> decision) {
		return Mono.defer(() -> {
			asked();
			return decision.doFinally((signal) -> decided());
		});
	}

	private synchronized void asked() {
		this.asked++;
	}

	private synchronized void decided() {
		this.decided++;
	}

	/**
	 * Keep a call that is charged when it is done.
	 */
	synchronized void add(MeteredCall call) {
		this.unsettled.add(call);
	}

	/**
	 * Let go of a call when nothing is to be reported of it any more.
	 */
	synchronized void remove(MeteredCall call) {
		this.unsettled.remove(call);
	}

	/**
	 * Wait until no call is open, and none has come for a while. Calls that do not end
	 * are waited for shortly only, reports that are under way until they end.
	 * @return completes then; at once if there was no call ever
	 */
	Mono<Void> none() {
		AtomicLong before = new AtomicLong();
		long looks = MAX_WAIT_FOR_END.dividedBy(QUIET);
		return Flux.interval(Duration.ZERO, QUIET)
			.filter((look) -> before.getAndSet(asks()) == asks() && isNone(look >= looks))
			.next()
			.then();
	}

	private synchronized long asks() {
		return this.asked;
	}

	private boolean isNone(boolean reportsOnly) {
		return reportsOnly ? unsettled().stream().noneMatch(MeteredCall::isDone)
				: unsettled().isEmpty() && !isDeciding();
	}

	private synchronized boolean isDeciding() {
		return this.asked != this.decided;
	}

	private synchronized List<MeteredCall> unsettled() {
		return List.copyOf(this.unsettled);
	}

}

package io.threescale.spring.client.http;

import java.time.Duration;
import java.util.function.Function;

import org.jetbrains.annotations.ApiStatus;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Bounds single calls of a client more tightly than its total timeout does, as at a stop.
 * A call that is not over by then fails like one that times out: it is ambiguous only if
 * its request has left.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class Deadline {

	private Deadline() {
	}

	/**
	 * Bound the calls that are subscribed to, those that follow each other together:
	 * {@code client.report(request).contextWrite(Deadline.within(left))}.
	 * @param time how long they may take from the subscription on, on time by a tenth of
	 * a second. A bound that is there already and earlier stays
	 * @return what adds the bound to a context
	 */
	public static Function<Context, Context> within(Duration time) {
		return (context) -> context.put(Deadline.class, earlier(context, System.nanoTime() + time.toNanos()));
	}

	/**
	 * Return when a call is to be over, by {@link System#nanoTime()}.
	 */
	static long earlier(ContextView context, long due) {
		Long bound = context.getOrDefault(Deadline.class, null);
		return (bound != null && bound - due < 0) ? bound : due;
	}

}

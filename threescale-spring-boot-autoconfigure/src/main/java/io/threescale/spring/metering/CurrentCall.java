package io.threescale.spring.metering;

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The place where the metered call is kept that a request, a method or other work is part
 * of. It goes along with the work, in the context of a reactive chain or on the thread,
 * so that what is part of a call is not charged again.
 *
 * @since 0.1.0
 * @see CurrentCalls
 */
public interface CurrentCall {

	/**
	 * Return the call.
	 * @return the call, or {@code null} if nothing was metered yet
	 */
	@Nullable MeteredCall get();

	/**
	 * Note that a method was metered on the way. What follows is part of its call, unless
	 * the request itself is metered yet.
	 * @param call the call of the method
	 */
	void set(MeteredCall call);

	/**
	 * Create a place for work that is metered by itself.
	 * @param call the call of the work
	 * @return the place
	 */
	static CurrentCall of(MeteredCall call) {
		AtomicReference<MeteredCall> current = new AtomicReference<>(call);
		return new CurrentCall() {

			@Override
			public MeteredCall get() {
				return current.get();
			}

			@Override
			public void set(MeteredCall call) {
				current.set(call);
			}

		};
	}

	/**
	 * Find the place in the context of a reactive chain.
	 * @param context the context
	 * @return the place, or {@code null} if there is none
	 */
	static @Nullable CurrentCall in(ContextView context) {
		return context.getOrDefault(CurrentCall.class, null);
	}

	/**
	 * Put the place into the context of a reactive chain.
	 * @param context the context
	 * @return the context with the place in it
	 */
	default Context into(Context context) {
		return context.put(CurrentCall.class, this);
	}

}

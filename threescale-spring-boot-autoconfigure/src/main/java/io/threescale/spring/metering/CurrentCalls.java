package io.threescale.spring.metering;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NamedThreadLocal;

/**
 * Knows the call a thread works for: that of the metered work it is in, or else that of
 * the request it serves.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class CurrentCalls {

	private static final ThreadLocal<CurrentCall> BOUND = new NamedThreadLocal<>("Metered call");

	private final RequestCalls requests;

	private final LogFields logFields;

	/**
	 * Create an instance.
	 * @param requests knows the request that a thread serves
	 * @param logFields have log lines tell of the call that a thread works for
	 */
	public CurrentCalls(RequestCalls requests, LogFields logFields) {
		this.requests = requests;
		this.logFields = logFields;
	}

	/**
	 * Find the place for the call that the thread works for.
	 * @return the place, or {@code null} if it works for none
	 */
	public @Nullable CurrentCall find() {
		@Nullable CurrentCall call = BOUND.get();
		return (call != null) ? call : this.requests.current();
	}

	/**
	 * Have the thread work for another call, until it is told again.
	 * @param call the place for the call, or {@code null} to go back to that of the
	 * request
	 * @return what the thread worked for before, to be put back
	 */
	public @Nullable CurrentCall bind(@Nullable CurrentCall call) {
		@Nullable CurrentCall before = find();
		@Nullable CurrentCall ofRequest = this.requests.current();
		// A thread outlives its request, and is not to keep what belongs to that
		if (call == null || call == ofRequest) {
			BOUND.remove();
		}
		else {
			BOUND.set(call);
		}
		show((call != null) ? call : ofRequest);
		return before;
	}

	/**
	 * Have the log lines of the thread tell of a call, until it is told of another.
	 * @param call the place for the call, or {@code null} for none
	 */
	public void show(@Nullable CurrentCall call) {
		this.logFields.show((call != null) ? call.decision() : null);
	}

}

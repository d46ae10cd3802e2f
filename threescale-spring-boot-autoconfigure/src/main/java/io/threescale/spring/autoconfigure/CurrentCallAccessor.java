package io.threescale.spring.autoconfigure;

import io.micrometer.context.ThreadLocalAccessor;
import io.threescale.spring.metering.CurrentCall;
import io.threescale.spring.metering.CurrentCalls;
import org.jspecify.annotations.Nullable;

/**
 * Has Micrometer's context propagation take the call along to other threads, and from
 * reactive chains to threads, so that methods called there are part of it.
 *
 * @param currentCalls knows the call that a thread works for
 */
record CurrentCallAccessor(CurrentCalls currentCalls) implements ThreadLocalAccessor<CurrentCall> {

	@Override
	public Object key() {
		return CurrentCall.class;
	}

	@Override
	public @Nullable CurrentCall getValue() {
		return this.currentCalls.find();
	}

	@Override
	public void setValue(CurrentCall call) {
		this.currentCalls.bind(call);
	}

	@Override
	public void setValue() {
		this.currentCalls.bind(null);
	}

}

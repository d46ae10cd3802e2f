package io.threescale.spring.autoconfigure;

import java.util.List;

import io.threescale.spring.ErrorCode;
import io.threescale.spring.Usage;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteringListener;
import io.threescale.spring.metering.MeteringOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Tells all listeners.
 */
record MeteringListeners(List<MeteringListener> listeners) implements MeteringListener {

	@Override
	public void decided(MeteredOperation operation, String service, MeteringOutcome outcome, @Nullable ErrorCode code) {
		this.listeners.forEach((listener) -> listener.decided(operation, service, outcome, code));
	}

	@Override
	public void used(String service, Usage usage, boolean counted) {
		this.listeners.forEach((listener) -> listener.used(service, usage, counted));
	}

}

package io.threescale.spring.autoconfigure;

import java.util.List;
import java.util.function.Consumer;

import io.threescale.spring.Usage;
import io.threescale.spring.metering.MeteringDecision;
import io.threescale.spring.metering.MeteringListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells all listeners. None of them changes what becomes of a call.
 */
record MeteringListeners(List<MeteringListener> listeners) implements MeteringListener {

	private static final Log logger = LogFactory.getLog(MeteringListener.class);

	@Override
	public void decided(MeteringDecision decision) {
		tell((listener) -> listener.decided(decision));
	}

	@Override
	public void used(String service, Usage usage, boolean counted) {
		tell((listener) -> listener.used(service, usage, counted));
	}

	private void tell(Consumer<MeteringListener> event) {
		for (MeteringListener listener : this.listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException ex) {
				logger.error("A MeteringListener failed, which changes nothing for the call.", ex);
			}
		}
	}

}

package io.threescale.spring.metering;

import io.threescale.spring.Usage;

/**
 * Hears of every decision about a metered call. Called by the thread that decides, which
 * may be an event loop, and by several at a time: it should be quick and must not block.
 * What it throws is logged, and changes nothing for the call.
 *
 * @since 0.1.0
 */
public interface MeteringListener {

	/**
	 * Hear of a decision.
	 * @param decision the decision
	 */
	void decided(MeteringDecision decision);

	/**
	 * Hear of the usage of a call that went on.
	 * @param service the id of the service
	 * @param usage what was used
	 * @param counted whether 3scale knows of it, or will
	 */
	void used(String service, Usage usage, boolean counted);

}

package io.threescale.spring.metering;

/**
 * With decisions in the process and usage in batches.
 */
class PredictiveSettlementTests extends ServletSettlementTests {

	@Override
	String[] mode() {
		return new String[] { "threescale.mode=predictive", "threescale.reporting.flush-interval=50ms" };
	}

}

package io.threescale.spring.metering.servlet;

/**
 * The same, with decisions in the process and usage in batches.
 */
class PredictiveSettlementTests extends SettlementTests {

	@Override
	String[] mode() {
		return new String[] { "threescale.mode=predictive", "threescale.reporting.flush-interval=50ms" };
	}

}

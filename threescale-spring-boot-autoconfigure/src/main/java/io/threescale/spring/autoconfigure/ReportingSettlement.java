package io.threescale.spring.autoconfigure;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.client.batch.BatchingThreeScaleClient;
import io.threescale.spring.client.predict.Settlement;
import reactor.core.publisher.Mono;

/**
 * Lets the prediction have delivered what the reporting holds.
 */
record ReportingSettlement(BatchingThreeScaleClient client) implements Settlement {

	@Override
	public Mono<Void> settle(ApplicationCredentials application) {
		return this.client.settle(application);
	}

	@Override
	public Usage pending(ApplicationCredentials application) {
		return this.client.pending(application);
	}

}

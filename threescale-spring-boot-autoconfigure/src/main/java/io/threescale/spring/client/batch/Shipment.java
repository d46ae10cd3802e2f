package io.threescale.spring.client.batch;

import java.util.List;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Aggregates on their way to 3scale. Nobody else can send them meanwhile, but one can
 * wait until their fate is known.
 */
final class Shipment {

	private final Sinks.Empty<Void> over = Sinks.empty();

	private volatile List<Aggregate> aggregates = List.of();

	void load(List<Aggregate> aggregates) {
		this.aggregates = aggregates;
	}

	List<Aggregate> aggregates() {
		return this.aggregates;
	}

	void end() {
		this.over.tryEmitEmpty();
	}

	Mono<Void> over() {
		return this.over.asMono();
	}

}

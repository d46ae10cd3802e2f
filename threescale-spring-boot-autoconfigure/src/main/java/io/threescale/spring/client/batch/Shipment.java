package io.threescale.spring.client.batch;

import java.util.List;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Aggregates on their way to 3scale. Nobody else can send them meanwhile, but one can
 * wait until their fate is known.
 */
final class Shipment {

	private final Sinks.One<Progress> fate = Sinks.one();

	private volatile List<Aggregate> aggregates = List.of();

	private volatile Progress progress = Progress.HALTED;

	void load(List<Aggregate> aggregates) {
		this.aggregates = aggregates;
	}

	List<Aggregate> aggregates() {
		return this.aggregates;
	}

	void went(Progress progress) {
		this.progress = progress;
	}

	void end() {
		this.fate.tryEmitValue(this.progress);
	}

	Mono<Progress> fate() {
		return this.fate.asMono();
	}

}

package io.threescale.spring.autoconfigure;

import io.threescale.spring.metering.InvalidMeteringException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Names the method and what is wrong with its annotations.
 */
final class InvalidMeteringFailureAnalyzer extends AbstractFailureAnalyzer<InvalidMeteringException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidMeteringException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()),
				"Correct the annotations of the method or its class: " + cause.problem() + ".", cause);
	}

}

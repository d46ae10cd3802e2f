package io.threescale.spring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Names the property and the cure.
 */
final class InvalidThreeScaleConfigurationFailureAnalyzer
		extends AbstractFailureAnalyzer<InvalidThreeScaleConfigurationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidThreeScaleConfigurationException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
	}

}

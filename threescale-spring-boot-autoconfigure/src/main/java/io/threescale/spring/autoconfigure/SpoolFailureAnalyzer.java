package io.threescale.spring.autoconfigure;

import io.threescale.spring.client.reporting.spool.SpoolException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what is wrong with the spool and what to do about it.
 */
final class SpoolFailureAnalyzer extends AbstractFailureAnalyzer<SpoolException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, SpoolException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()),
				"Have 'threescale.reporting.spool.directory' name a directory that this process may write to, that has "
						+ "room, and that no other instance uses; or remove the property, and lose what is pending "
						+ "when the process dies.",
				cause);
	}

}

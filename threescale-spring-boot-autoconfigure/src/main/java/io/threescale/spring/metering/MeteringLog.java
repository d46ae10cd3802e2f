package io.threescale.spring.metering;

import java.time.Clock;
import java.time.Duration;

import io.threescale.spring.ThreeScaleException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Says what is wrong with the metering, each thing once a minute, however many calls it
 * concerns.
 */
final class MeteringLog {

	private static final Log logger = LogFactory.getLog(MeteringGate.class);

	private static final Duration INTERVAL = Duration.ofMinutes(1);

	private final OncePerInterval said;

	MeteringLog(Clock clock) {
		this.said = new OncePerInterval(clock, INTERVAL);
	}

	void misconfigured(ThreeScaleException ex) {
		if (this.said.allows(String.valueOf(ex.getMessage()))) {
			logger.error("Metered calls fail until the configuration is mended. " + ex.getMessage());
		}
	}

	void unknownService(MeteredOperation operation) {
		if (this.said.allows("service of " + operation.name())) {
			logger.error("Calls of " + operation.name() + " fail, as 'threescale.services' has none of the name that "
					+ "its annotation, its rule or the ServiceResolver gives.");
		}
	}

	void unsettled(Throwable ex) {
		if (this.said.allows("settlement")) {
			logger.error("A metered call went on, and was not charged.", ex);
		}
	}

	void unmeasured(MeteredOperation operation, RuntimeException ex) {
		if (this.said.allows("measure of " + operation.name())) {
			logger.warn("Calls of " + operation.name()
					+ " are charged as they were authorized, as they cannot be measured. " + ex.getMessage());
		}
	}

	void unavailable(String what, Throwable ex) {
		if (this.said.allows(what)) {
			logger.warn("Metered calls " + what + ". " + ex.getMessage());
		}
	}

}

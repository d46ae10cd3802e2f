package io.threescale.spring.metering;

import java.time.Clock;
import java.util.concurrent.TimeUnit;

import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.client.QuietLog;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Says what is wrong with the metering, however many calls it concerns.
 */
final class MeteringLog {

	private static final Log logger = LogFactory.getLog(MeteringGate.class);

	private final QuietLog log;

	MeteringLog(Clock clock) {
		this.log = new QuietLog(logger, () -> TimeUnit.MILLISECONDS.toNanos(clock.millis()));
	}

	void misconfigured(String what, ThreeScaleException ex) {
		this.log.error(String.valueOf(ex.getMessage()),
				() -> "Metered calls " + what + " until the configuration is mended. " + ex.getMessage());
	}

	void unknownService(MeteredOperation operation) {
		this.log.error("service of " + operation.name(),
				() -> "Calls of " + operation.name() + " fail, as 'threescale.services' has none of the name that "
						+ "its annotation, its rule or the ServiceResolver gives.");
	}

	void unsettled(Throwable ex) {
		this.log.error("settlement", () -> "A metered call went on, and was not charged.", ex);
	}

	void unmeasured(MeteredOperation operation, RuntimeException ex) {
		this.log.warn("measure of " + operation.name(), () -> "Calls of " + operation.name()
				+ " are charged as they were authorized, as they cannot be measured. " + ex.getMessage());
	}

	/**
	 * To be called once for each answer of 3scale's, which is remembered for a minute.
	 */
	void missingMetric(MeteredOperation operation, String metric) {
		logger.warn("Calls of " + operation.name() + " use metric '" + metric + "', which is not charged: the service "
				+ "has no metric of that system name. Compare with those at 3scale.");
	}

	void unavailable(String what, Throwable ex) {
		this.log.warn(what, () -> "Metered calls " + what + ". " + ex.getMessage());
	}

}

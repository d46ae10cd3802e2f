package io.threescale.spring.client.reporting;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.threescale.spring.client.reporting.spool.SpooledUsage;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Judges usage that a process has left. What was being sent when it ended may have been
 * counted.
 *
 * @param book knows what 3scale knew, and learns it
 * @param statistics count what is ambiguous
 * @param onAmbiguous what becomes of that
 * @param clock tells how long ago 3scale knew an application
 */
record Recovery(UsageBook book, BatchingStatistics statistics, AmbiguousPolicy onAmbiguous, Clock clock) {

	private static final Log logger = LogFactory.getLog(BatchingThreeScaleClient.class);

	/**
	 * Tell whether usage is sent, again if need be.
	 */
	boolean isSent(SpooledUsage usage) {
		return !usage.sending() || this.onAmbiguous.sendsAgain();
	}

	/**
	 * Learn which applications 3scale knew, and say what becomes of their usage.
	 */
	void note(List<SpooledUsage> left) {
		left.forEach(this::learn);
		List<SpooledUsage> ambiguous = left.stream().filter(SpooledUsage::sending).toList();
		this.statistics.countAmbiguous(ambiguous.stream().mapToLong(SpooledUsage::units).sum());
		List<SpooledUsage> sent = left.stream().filter(this::isSent).toList();
		if (!sent.isEmpty()) {
			logger.info("An earlier process left usage, which is reported now: " + sums(sent));
		}
		if (!ambiguous.isEmpty()) {
			logger.warn("Usage that an earlier process was sending when it ended may or may not have been counted, "
					+ "and is " + (isSent(ambiguous.get(0)) ? "sent again: " : "not sent again: ") + sums(ambiguous));
		}
	}

	private void learn(SpooledUsage usage) {
		Instant knownAt = usage.knownAt();
		if (knownAt != null) {
			this.book.known()
				.learn(this.book.hasher().application(usage.application()),
						Duration.between(knownAt, this.clock.instant()));
		}
	}

	/**
	 * Return when 3scale knew an application, for {@link SpooledUsage#knownAt()}.
	 */
	@Nullable Instant knownAt(ApplicationUsage usage) {
		Duration age = this.book.known().ageOf(usage.hash());
		return (age != null) ? this.clock.instant().minus(age) : null;
	}

	private static Map<String, Long> sums(List<SpooledUsage> spooled) {
		return spooled.stream()
			.collect(Collectors.groupingBy(SpooledUsage::metric, TreeMap::new,
					Collectors.summingLong(SpooledUsage::units)));
	}

}

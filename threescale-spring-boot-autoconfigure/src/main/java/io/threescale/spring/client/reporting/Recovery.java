package io.threescale.spring.client.reporting;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.threescale.spring.client.reporting.spool.SpooledUsage;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Takes usage into the book that a process has left. What was being sent when it ended
 * may have been counted.
 */
final class Recovery {

	private static final Log logger = LogFactory.getLog(BatchingThreeScaleClient.class);

	private final UsageBook book;

	private final ReportingCounts counts;

	private final AmbiguousPolicy onAmbiguous;

	private final Clock clock;

	Recovery(UsageBook book, ReportingCounts counts, AmbiguousPolicy onAmbiguous, Clock clock) {
		this.book = book;
		this.counts = counts;
		this.onAmbiguous = onAmbiguous;
		this.clock = clock;
	}

	/**
	 * Return which of some usage nobody will send.
	 */
	List<Long> dropped(List<SpooledUsage> spooled) {
		return (this.onAmbiguous == AmbiguousPolicy.DROP)
				? spooled.stream().filter(SpooledUsage::sending).map(SpooledUsage::id).toList() : List.of();
	}

	/**
	 * Take in what is to be sent.
	 */
	void takeIn(List<SpooledUsage> spooled) {
		spooled.forEach(this::learn);
		Map<Boolean, List<SpooledUsage>> bySending = spooled.stream()
			.collect(Collectors.partitioningBy(SpooledUsage::sending));
		List<SpooledUsage> kept = new ArrayList<>(bySending.getOrDefault(false, List.of()));
		List<SpooledUsage> ambiguous = bySending.getOrDefault(true, List.of());
		boolean drop = this.onAmbiguous == AmbiguousPolicy.DROP;
		this.counts.ambiguous(ambiguous.size(), ambiguous.stream().mapToLong(SpooledUsage::units).sum());
		if (!drop) {
			kept.addAll(ambiguous);
		}
		kept.forEach(this.book::restore);
		if (!kept.isEmpty()) {
			logger.info("An earlier process left usage, which is reported now: " + sums(kept));
		}
		if (!ambiguous.isEmpty()) {
			logger.warn("Usage that an earlier process was sending when it ended may or may not have been counted, "
					+ "and is " + (drop ? "not sent again: " : "sent again: ") + sums(ambiguous));
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

	private static Map<String, Long> sums(List<SpooledUsage> spooled) {
		return spooled.stream()
			.collect(Collectors.groupingBy(SpooledUsage::metric, TreeMap::new,
					Collectors.summingLong(SpooledUsage::units)));
	}

}

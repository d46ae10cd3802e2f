package io.threescale.spring.client.batch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;

/**
 * What passes from one process to the next.
 */
final class Estate {

	private static final Log logger = LogFactory.getLog(BatchingThreeScaleClient.class);

	private final UsageBuffer buffer;

	private final Ledger ledger;

	private final Tally tally;

	private final AmbiguousPolicy onAmbiguous;

	Estate(UsageBuffer buffer, Ledger ledger, Tally tally, AmbiguousPolicy onAmbiguous) {
		this.buffer = buffer;
		this.ledger = ledger;
		this.tally = tally;
		this.onAmbiguous = onAmbiguous;
	}

	/**
	 * Take over what is in the spool. What was being sent when the last process ended may
	 * have been counted.
	 */
	void inherit() {
		this.buffer.countIdsFrom(this.ledger.lastId());
		Map<Boolean, List<Aggregate>> bySending = this.ledger.load()
			.stream()
			.collect(Collectors.partitioningBy(SpooledUsage::sending,
					Collectors.mapping(Aggregate::of, Collectors.toList())));
		List<Aggregate> ambiguous = bySending.getOrDefault(true, List.of());
		List<Aggregate> kept = new ArrayList<>(bySending.getOrDefault(false, List.of()));
		this.tally.ambiguous(ambiguous);
		if (this.onAmbiguous == AmbiguousPolicy.RETRY) {
			kept.addAll(ambiguous);
		}
		else {
			this.ledger.strike(ambiguous);
		}
		kept.forEach(this.buffer::restore);
		if (!kept.isEmpty() || !ambiguous.isEmpty()) {
			logger.info("An earlier process left " + sums(kept) + " to be reported; " + sums(ambiguous)
					+ " of its usage may or may not have been counted: " + this.onAmbiguous);
		}
	}

	/**
	 * Wait for the last flush, and leave what is left. An interrupt ends the waiting but
	 * is put aside until all is written, as it would close the file of the spool.
	 */
	void settle(Mono<Void> flush, Duration deadline) {
		boolean interrupted = Thread.interrupted();
		this.ledger.catchUp();
		interrupted |= !await(flush.toFuture(), deadline);
		bequeath();
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Give up all that is here: what nobody delivers just now is left, the fate of the
	 * rest is open. Nothing of it comes back after that.
	 */
	private void bequeath() {
		Map<Boolean, List<Aggregate>> byOurs = this.buffer.applications()
			.unsettled()
			.stream()
			.collect(Collectors.partitioningBy(Aggregate::seal));
		List<Aggregate> left = this.buffer.settle(byOurs.getOrDefault(true, List.of()));
		List<Aggregate> unfinished = this.buffer.settle(byOurs.getOrDefault(false, List.of()));
		List<Aggregate> lost = this.ledger.close(left);
		if (!lost.isEmpty()) {
			this.tally.lost(lost);
			logger.error("Usage is lost, as the application stops: " + sums(lost));
		}
		if (!unfinished.isEmpty()) {
			this.tally.ambiguous(unfinished);
			logger.error("Usage may or may not have been counted, as the application stops while it is being "
					+ "reported: " + sums(unfinished));
		}
	}

	/**
	 * Wait, and tell whether nobody has interrupted that.
	 */
	private static boolean await(CompletableFuture<?> flush, Duration deadline) {
		try {
			flush.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			logger.warn("Usage could not be reported within " + deadline);
		}
		catch (ExecutionException ex) {
			logger.error("Usage could not be reported", ex.getCause());
		}
		catch (InterruptedException ex) {
			return false;
		}
		finally {
			flush.cancel(false);
		}
		return true;
	}

	private static Map<String, Long> sums(List<Aggregate> aggregates) {
		return aggregates.stream()
			.collect(Collectors.groupingBy((aggregate) -> aggregate.slot().metric(), TreeMap::new,
					Collectors.summingLong(Aggregate::units)));
	}

}

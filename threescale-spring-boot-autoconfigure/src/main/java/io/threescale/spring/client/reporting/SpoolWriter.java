package io.threescale.spring.client.reporting;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

import io.threescale.spring.client.QuietLog;
import io.threescale.spring.client.reporting.Counter.State;
import io.threescale.spring.client.reporting.spool.SpoolOwner;
import io.threescale.spring.client.reporting.spool.SpooledUsage;
import io.threescale.spring.client.reporting.spool.UncertainSpoolException;
import io.threescale.spring.client.reporting.spool.UsageSpool;
import org.jspecify.annotations.Nullable;

/**
 * Writes the book to the spool, a moment behind it. A batch is written before it is sent
 * and removed after it was accepted, so that a restart knows which usage may have been
 * counted. While the spool cannot be written, usage that is not in it goes on without it,
 * and usage that is in it waits: sent unmarked, it would be sent again after a restart.
 */
final class SpoolWriter implements SpoolOwner {

	private final ReentrantLock lock = new ReentrantLock();

	/** Ids whose removal has failed. */
	private final Set<Long> leftovers = new HashSet<>();

	/** Counters of which nobody knows whether the spool has them as they are. */
	private final Set<Counter> inDoubt = new HashSet<>();

	private final UsageSpool spool;

	private final UsageBook book;

	private final KnownApplications known;

	private final Recovery recovery;

	private final ReportingCounts counts;

	private final QuietLog log;

	private final Clock clock;

	SpoolWriter(UsageSpool spool, UsageBook book, KnownApplications known, Recovery recovery, ReportingCounts counts,
			QuietLog log, Clock clock) {
		this.spool = spool;
		this.book = book;
		this.known = known;
		this.recovery = recovery;
		this.counts = counts;
		this.log = log;
		this.clock = clock;
	}

	boolean isDurable() {
		return this.spool.isDurable();
	}

	/**
	 * Take over what is in the spool.
	 */
	void recover() {
		this.book.countIdsFrom(this.spool.lastId());
		List<SpooledUsage> spooled = this.spool.load();
		List<Long> dropped = this.recovery.dropped(spooled);
		if (!dropped.isEmpty()) {
			this.spool.write(List.of(), dropped);
		}
		this.recovery.takeIn(spooled);
	}

	/**
	 * See to what has happened to the spool, and write all counters that have changed.
	 */
	void catchUp() {
		this.lock.lock();
		try {
			attend();
			List<Counter> changed = this.book.takeChanges();
			if ((!changed.isEmpty() || !this.leftovers.isEmpty()) && !write(changed, State.PENDING, List.of())) {
				this.book.changeAgain(changed);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void attend() {
		try {
			this.spool.attend(this);
		}
		catch (RuntimeException | Error ex) {
			failed(ex);
		}
	}

	@Override
	public long nextId() {
		return this.book.nextId();
	}

	@Override
	public void received(List<SpooledUsage> usage) {
		this.leftovers.addAll(this.recovery.dropped(usage));
		this.recovery.takeIn(usage);
	}

	@Override
	public void lost() {
		List<Counter> open = this.book.openCounters();
		if (write(open, State.SENDING, List.of()) && !write(open, State.PENDING, List.of())) {
			this.book.changeAgain(open);
		}
	}

	@Override
	public void withdrawn() {
		this.counts.ambiguous(this.inDoubt);
		this.inDoubt.clear();
		this.leftovers.clear();
		this.book.applications().forEach((usage) -> this.book.changeAgain(usage.withdrawStored()));
	}

	/**
	 * Mark counters as about to be sent.
	 * @return those that may leave
	 */
	List<Counter> announce(List<Counter> batch) {
		this.lock.lock();
		try {
			return write(batch, State.SENDING, List.of()) ? batch
					: batch.stream().filter((counter) -> !counter.isStored()).toList();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Remove counters that were delivered or given up.
	 */
	void remove(Collection<Counter> counters) {
		this.lock.lock();
		try {
			write(List.of(), State.GONE, counters);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Have counters wait in the book again that were not sent, with or without a spool. A
	 * write of what has changed must not come in between.
	 */
	void putBack(Collection<Counter> counters) {
		this.lock.lock();
		try {
			List<Counter> waiting = new ArrayList<>();
			List<Counter> merged = new ArrayList<>();
			for (Counter counter : counters) {
				Counter present = counter.owner().putBack(counter);
				if (present != null) {
					waiting.add(present);
				}
				if (present != null && present != counter) {
					merged.add(counter);
				}
			}
			if (!write(waiting, State.PENDING, merged)) {
				this.book.changeAgain(waiting);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Write what the next process is to report, and close the spool.
	 * @param left counters that were given up here
	 * @return those the spool does not have
	 */
	List<Counter> close(List<Counter> left) {
		this.lock.lock();
		try {
			boolean written = isDurable() && write(left, State.GONE, List.of());
			this.spool.close();
			return written ? List.of() : left.stream().filter((counter) -> !counter.isStored()).toList();
		}
		catch (RuntimeException | Error ex) {
			failed(ex);
			return left.stream().filter((counter) -> !counter.isStored()).toList();
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean write(Collection<Counter> counters, State state, Collection<Counter> removed) {
		if (!isDurable()) {
			return true;
		}
		List<Counter> described = new ArrayList<>();
		List<SpooledUsage> changed = new ArrayList<>();
		for (Counter counter : counters) {
			SpooledUsage usage = counter.owner().describe(counter, state, knownAt(counter));
			if (usage != null) {
				described.add(counter);
				changed.add(usage);
			}
		}
		removed.forEach((counter) -> this.leftovers.add(counter.id()));
		try {
			this.spool.write(changed, this.leftovers);
			this.leftovers.clear();
			stored(described, changed);
			this.inDoubt.removeAll(described);
			return true;
		}
		catch (UncertainSpoolException ex) {
			stored(described, changed);
			this.inDoubt.addAll(described);
			failed(ex);
			return false;
		}
		catch (RuntimeException | Error ex) {
			// Whatever it is, usage is not to be stranded in between
			failed(ex);
			return false;
		}
	}

	private static void stored(List<Counter> counters, List<SpooledUsage> as) {
		for (int i = 0; i < as.size(); i++) {
			counters.get(i).stored(as.get(i).units(), as.get(i).sending());
		}
	}

	private @Nullable Instant knownAt(Counter counter) {
		Duration age = this.known.ageOf(counter.owner().hash());
		return (age != null) ? this.clock.instant().minus(age) : null;
	}

	private void failed(Throwable ex) {
		this.counts.spoolFailed();
		this.log.error("spool", () -> "Usage is not written to the spool and would be lost with the process: "
				+ ex.getMessage() + ". It is still reported", ex);
	}

}

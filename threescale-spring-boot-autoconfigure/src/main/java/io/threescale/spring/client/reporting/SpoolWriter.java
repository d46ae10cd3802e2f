package io.threescale.spring.client.reporting;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

import io.threescale.spring.client.QuietLog;
import io.threescale.spring.client.reporting.Counter.State;
import io.threescale.spring.client.reporting.spool.SpoolOwner;
import io.threescale.spring.client.reporting.spool.SpooledUsage;
import io.threescale.spring.client.reporting.spool.UncertainSpoolException;
import io.threescale.spring.client.reporting.spool.UsageSpool;

/**
 * Writes the book to the spool, a moment behind it. A batch is written before it is sent
 * and removed after it was accepted, so that a restart knows which usage may have been
 * counted. While the spool cannot be written, usage that is not in it goes on without it,
 * and usage that is in it waits: sent unmarked, it would be sent again after a restart.
 */
final class SpoolWriter implements SpoolOwner {

	/** How many counters are written at a time. */
	private static final int PART = 1000;

	private final ReentrantLock lock = new ReentrantLock();

	/** What the spool holds of counters, or may hold. */
	private final Map<Counter, Stored> stored = new HashMap<>();

	/**
	 * Counters that took usage, or whose write has failed. If they wait, they are
	 * written.
	 */
	private final Set<Counter> behind = new LinkedHashSet<>();

	/** Ids of usage that the spool holds, and that was delivered or given up. */
	private final Set<Long> leftovers = new HashSet<>();

	private final UsageSpool spool;

	private final UsageBook book;

	private final Recovery recovery;

	private final BatchingStatistics statistics;

	private final QuietLog log;

	SpoolWriter(UsageSpool spool, UsageBook book, Recovery recovery, BatchingStatistics statistics, QuietLog log) {
		this.spool = spool;
		this.book = book;
		this.recovery = recovery;
		this.statistics = statistics;
		this.log = log;
	}

	/**
	 * What the spool holds of a counter.
	 *
	 * @param units how much of it
	 * @param sending whether as part of a batch
	 * @param inDoubt whether nobody knows if it does
	 */
	private record Stored(long units, boolean sending, boolean inDoubt) {

		static Stored of(SpooledUsage usage, boolean inDoubt) {
			return new Stored(usage.units(), usage.sending(), inDoubt);
		}

	}

	boolean isDurable() {
		return this.spool.isDurable();
	}

	/**
	 * Take over what is in the spool.
	 */
	void recover() {
		this.book.countIdsFrom(this.spool.lastId());
		received(this.spool.load());
		writeWaiting(List.of());
	}

	/**
	 * See to what has happened to the spool, and write the counters that it does not hold
	 * as they are. While it cannot be written, a part of them is tried each time: this is
	 * done often, and there may be many.
	 */
	void catchUp() {
		this.lock.lock();
		try {
			attend();
			this.book.takeChanged(this.behind::add);
			boolean written = true;
			while (written && !(this.behind.isEmpty() && this.leftovers.isEmpty())) {
				written = writeWaiting(nextPart());
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private List<Counter> nextPart() {
		List<Counter> part = new ArrayList<>();
		Iterator<Counter> counters = this.behind.iterator();
		while (counters.hasNext() && part.size() < PART) {
			Counter counter = counters.next();
			counters.remove();
			if (counter.is(State.PENDING)) {
				part.add(counter);
			}
		}
		return part;
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
	public void received(List<SpooledUsage> left) {
		this.recovery.note(left);
		for (SpooledUsage usage : left) {
			if (this.recovery.isSent(usage)) {
				Counter counter = this.book.restore(usage);
				this.stored.put(counter, Stored.of(usage, false));
				if (usage.sending()) {
					this.behind.add(counter);
				}
			}
			else {
				this.leftovers.add(usage.id());
			}
		}
	}

	@Override
	public void lost() {
		List<Counter> open = new ArrayList<>();
		this.book.forEachOpen(open::add);
		this.stored.replaceAll((counter, as) -> new Stored(as.units(), as.sending(), true));
		if (write(open, State.SENDING)) {
			write(open, State.PENDING);
		}
	}

	@Override
	public void withdrawn() {
		List<Counter> inDoubt = new ArrayList<>();
		this.stored.forEach((counter, as) -> {
			if (as.inDoubt()) {
				inDoubt.add(counter);
			}
		});
		this.statistics.countAmbiguous(inDoubt);
		this.stored.forEach((counter, as) -> counter.withdraw(as.units(), as.sending()));
		this.stored.clear();
		this.leftovers.clear();
	}

	/**
	 * Mark counters as about to be sent.
	 * @return those that may leave
	 */
	List<Counter> announce(List<Counter> batch) {
		return write(batch, State.SENDING) ? batch : unstored(batch);
	}

	/**
	 * Remove counters that were delivered or given up.
	 */
	void remove(Collection<Counter> counters) {
		replace(counters, List.of());
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
				Counter present = counter.putBack((other) -> mayJoin(counter, other));
				if (present != null) {
					waiting.add(present);
				}
				if (present != null && present != counter) {
					merged.add(counter);
				}
			}
			replace(merged, waiting);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Tell whether a counter may be added to another one. What the spool holds is not
	 * added to what it does not hold: that may leave unmarked, and would be sent again
	 * after a restart.
	 */
	private boolean mayJoin(Counter counter, Counter other) {
		return !this.stored.containsKey(counter) || this.stored.containsKey(other);
	}

	/**
	 * Write what the next process is to report, and close the spool.
	 * @param left counters that were removed from the book
	 * @return how many units of each the spool has
	 */
	Map<Counter, Long> close(List<Counter> left) {
		this.lock.lock();
		try {
			writeAndClose(left);
			Map<Counter, Long> kept = new HashMap<>();
			left.forEach((counter) -> {
				Stored as = this.stored.get(counter);
				kept.put(counter, (as != null) ? as.units() : 0);
			});
			return kept;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void writeAndClose(List<Counter> left) {
		try {
			write(left, State.GONE);
			this.spool.close();
		}
		catch (RuntimeException | Error ex) {
			failed(ex);
		}
	}

	private List<Counter> unstored(List<Counter> counters) {
		this.lock.lock();
		try {
			return counters.stream().filter((counter) -> !this.stored.containsKey(counter)).toList();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void replace(Collection<Counter> removed, Collection<Counter> waiting) {
		this.lock.lock();
		try {
			for (Counter counter : removed) {
				if (this.stored.remove(counter) != null) {
					this.leftovers.add(counter.id());
				}
			}
			writeWaiting(waiting);
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean writeWaiting(Collection<Counter> counters) {
		return (counters.isEmpty() && this.leftovers.isEmpty()) || write(counters, State.PENDING);
	}

	/**
	 * Write counters that are in some state, and remove what is left over.
	 * @return whether the spool holds them now
	 */
	private boolean write(Collection<Counter> counters, State state) {
		if (!isDurable()) {
			return true;
		}
		this.lock.lock();
		try {
			Map<Counter, SpooledUsage> described = describe(counters, state);
			try {
				this.spool.write(described.values(), this.leftovers);
				this.leftovers.clear();
				described.forEach((counter, usage) -> this.stored.put(counter, Stored.of(usage, false)));
				return true;
			}
			catch (UncertainSpoolException ex) {
				described.forEach((counter, usage) -> this.stored.put(counter, Stored.of(usage, true)));
				failed(ex);
			}
			catch (RuntimeException | Error ex) {
				// Whatever it is, usage is not to be stranded in between
				failed(ex);
			}
			this.behind.addAll(counters);
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	private Map<Counter, SpooledUsage> describe(Collection<Counter> counters, State state) {
		Map<Counter, SpooledUsage> described = new LinkedHashMap<>();
		for (Counter counter : counters) {
			SpooledUsage usage = counter.describe(state, this.recovery.knownAt(counter.owner()));
			if (usage != null) {
				described.put(counter, usage);
			}
		}
		return described;
	}

	private void failed(Throwable ex) {
		this.statistics.countSpoolFailure();
		this.log.error("spool", () -> "Usage is not written to the spool and would be lost with the process: "
				+ ex.getMessage() + ". It is still reported", ex);
	}

}

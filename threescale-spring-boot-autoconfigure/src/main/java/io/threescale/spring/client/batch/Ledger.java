package io.threescale.spring.client.batch;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.concurrent.locks.ReentrantLock;

import io.threescale.spring.client.QuietLog;

/**
 * Keeps the spool in step with the buffer. What is about to be sent is marked so before
 * it leaves and removed after it was accepted, so that a restart knows which usage may
 * have been counted. If the spool fails, usage it does not know goes on without it, and
 * usage it does know waits: sent unmarked, it would be sent again after a restart.
 */
final class Ledger {

	private final ReentrantLock lock = new ReentrantLock();

	/** Ids whose removal has failed. */
	private final Set<Long> leftovers = new HashSet<>();

	private final UsageSpool spool;

	private final Changes changes;

	private final Tally tally;

	private final QuietLog log;

	private boolean broken;

	Ledger(UsageSpool spool, Changes changes, Tally tally, QuietLog log) {
		this.spool = spool;
		this.changes = changes;
		this.tally = tally;
		this.log = log;
	}

	boolean isDurable() {
		return this.spool.isDurable();
	}

	List<SpooledUsage> load() {
		return this.spool.load();
	}

	long lastId() {
		return this.spool.lastId();
	}

	/**
	 * Write all sums that have changed. Those sealed meanwhile are somebody else's to
	 * write.
	 */
	void catchUp() {
		this.lock.lock();
		try {
			List<Aggregate> changed = this.changes.take();
			if (changed.isEmpty() && this.leftovers.isEmpty()) {
				return;
			}
			List<Aggregate> open = changed.stream().filter((aggregate) -> !aggregate.isSealed()).toList();
			List<Aggregate> waiting = unknownWhileBroken(open);
			List<Aggregate> written = waiting.isEmpty() ? open : open.stream().filter(Aggregate::isStored).toList();
			if (!write(written, false, List.of())) {
				written.forEach(this.changes::addAgain);
			}
			waiting.forEach(this.changes::addAgain);
		}
		finally {
			this.lock.unlock();
		}
	}

	private List<Aggregate> unknownWhileBroken(List<Aggregate> aggregates) {
		return this.broken ? aggregates.stream().filter((aggregate) -> !aggregate.isStored()).toList() : List.of();
	}

	/**
	 * Mark sealed aggregates as about to be sent.
	 * @return those that may leave
	 */
	List<Aggregate> announce(List<Aggregate> aggregates) {
		this.lock.lock();
		try {
			List<Aggregate> unknown = aggregates.stream().filter((aggregate) -> !aggregate.isStored()).toList();
			List<Aggregate> written = this.broken ? aggregates.stream().filter(Aggregate::isStored).toList()
					: aggregates;
			return write(written, true, List.of()) ? aggregates : unknown;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Forget aggregates that were delivered or given up.
	 */
	void strike(Collection<Aggregate> aggregates) {
		this.lock.lock();
		try {
			write(List.of(), false, aggregates.stream().filter(Aggregate::isStored).map(Aggregate::id).toList());
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Take sealed aggregates back, as they were not counted. They may be announced again
	 * at once, but not before this is written.
	 */
	void reinstate(List<Aggregate> aggregates, Consumer<Aggregate> putBack) {
		this.lock.lock();
		try {
			aggregates.forEach(putBack);
			List<Aggregate> stored = aggregates.stream().filter(Aggregate::isStored).toList();
			if (!write(stored, false, List.of())) {
				stored.forEach(this.changes::addAgain);
			}
			aggregates.stream().filter((aggregate) -> !aggregate.isStored()).forEach(this.changes::addAgain);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Write sums for a later process, whether sealed or not, and let go of the spool.
	 * @return those that could not be written
	 */
	List<Aggregate> close(List<Aggregate> left) {
		this.lock.lock();
		try {
			boolean written = write(left, false, List.of()) && isDurable();
			this.spool.close();
			return written ? List.of() : left;
		}
		catch (RuntimeException | Error ex) {
			failed(ex);
			return left;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean write(List<Aggregate> changed, boolean sending, List<Long> removed) {
		this.leftovers.addAll(removed);
		if (!isDurable() || (changed.isEmpty() && this.leftovers.isEmpty())) {
			return true;
		}
		try {
			this.spool.write(changed.stream().map((aggregate) -> aggregate.spooled(sending)).toList(), this.leftovers);
			this.leftovers.clear();
			this.broken = false;
			return true;
		}
		catch (RuntimeException | Error ex) {
			failed(ex);
			return false;
		}
	}

	/** Whatever it is, usage is not to be stranded in between. */
	private void failed(Throwable ex) {
		this.broken = true;
		this.tally.spoolFailed();
		this.log.error("spool", () -> "Usage is not written to the spool and would be lost with the process: "
				+ ex.getMessage() + ". It is still reported", ex);
	}

}

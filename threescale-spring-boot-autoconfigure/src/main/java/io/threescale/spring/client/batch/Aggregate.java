package io.threescale.spring.client.batch;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;

/**
 * A sum of usage. It is open, and usage is added, or sealed by the one who delivers it:
 * as a single word says which and how much, no usage is lost or counted twice in between.
 */
final class Aggregate {

	static final long REFUSED = -1;

	private final long id;

	private final ApplicationCredentials application;

	private final Instant since;

	/** The sum, or its ones' complement while sealed. */
	private final AtomicLong state;

	private volatile Slot slot;

	private volatile boolean dirty;

	private volatile boolean stored;

	/** Whether its fate is known. */
	private boolean settled;

	Aggregate(long id, ApplicationCredentials application, Slot slot, Instant since, long units) {
		this.id = id;
		this.application = application;
		this.slot = slot;
		this.since = since;
		this.state = new AtomicLong(units);
	}

	static Aggregate of(SpooledUsage usage) {
		Slot slot = Slot.of(usage.metric(), usage.minute(), usage.responseCode(), usage.flatUsage());
		Aggregate aggregate = new Aggregate(usage.id(), usage.application(), slot, usage.since(), usage.units());
		aggregate.stored = true;
		return aggregate;
	}

	/**
	 * Add to the sum, and return it, or {@link #REFUSED} if it is sealed or would become
	 * too large.
	 */
	long add(long units) {
		long sum = this.state.get();
		while (takes(sum, units)) {
			if (this.state.compareAndSet(sum, sum + units)) {
				return sum + units;
			}
			sum = this.state.get();
		}
		return REFUSED;
	}

	/**
	 * Tell whether {@link #add(long)} would take it now.
	 */
	boolean takes(long units) {
		return takes(this.state.get(), units);
	}

	private static boolean takes(long sum, long units) {
		return sum >= 0 && sum + units <= Usage.MAX_AMOUNT;
	}

	/**
	 * Take no more, and tell whether this caller is the one who did it.
	 */
	boolean seal() {
		long sum = this.state.get();
		while (sum >= 0) {
			if (this.state.compareAndSet(sum, ~sum)) {
				return true;
			}
			sum = this.state.get();
		}
		return false;
	}

	/**
	 * Take more again, unless its fate is known.
	 */
	synchronized boolean reopen() {
		if (!this.settled) {
			this.state.set(units());
		}
		return !this.settled;
	}

	boolean isSealed() {
		return this.state.get() < 0;
	}

	/**
	 * Note that its fate is known, and tell whether this caller is the one who did it. It
	 * is sealed for good.
	 */
	synchronized boolean settle() {
		boolean first = !this.settled;
		this.settled = true;
		seal();
		return first;
	}

	synchronized boolean isSettled() {
		return this.settled;
	}

	long units() {
		long sum = this.state.get();
		return (sum >= 0) ? sum : ~sum;
	}

	/**
	 * Note that it differs from the spool, and tell whether it did not before.
	 */
	boolean soil() {
		if (this.dirty) {
			return false;
		}
		this.dirty = true;
		return true;
	}

	/**
	 * Describe it for the spool. From here on whatever is added makes it dirty again.
	 */
	SpooledUsage spooled(boolean sending) {
		this.dirty = false;
		this.stored = true;
		Slot slot = this.slot;
		return new SpooledUsage(this.id, this.application, slot.metric(), units(), slot.time(), slot.code(),
				slot.flatUsage(), this.since, sending);
	}

	Transaction transaction() {
		Slot slot = this.slot;
		return new Transaction(this.application, Usage.of(slot.metric(), units()), slot.time(), slot.code());
	}

	void moveTo(Slot slot) {
		this.slot = slot;
	}

	/**
	 * Tell whether the spool may know of it.
	 */
	boolean isStored() {
		return this.stored;
	}

	long id() {
		return this.id;
	}

	ApplicationCredentials application() {
		return this.application;
	}

	Slot slot() {
		return this.slot;
	}

	Instant since() {
		return this.since;
	}

}

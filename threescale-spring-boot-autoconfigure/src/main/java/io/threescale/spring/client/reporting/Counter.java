package io.threescale.spring.client.reporting;

import java.time.Instant;
import java.util.function.Predicate;

import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.reporting.spool.SpooledUsage;
import org.jspecify.annotations.Nullable;

/**
 * A sum of usage of one application, on its way to 3scale. Guarded by the monitor of its
 * {@link ApplicationUsage}.
 */
final class Counter {

	private static final int SECONDS = 60;

	private final long id;

	private final ApplicationUsage owner;

	private final Key key;

	private final boolean ofKnownApplication;

	private long since;

	private long units;

	/** Units that were counted as ambiguous, and stay so whatever becomes of them. */
	private long ambiguousUnits;

	private State state = State.PENDING;

	Counter(long id, ApplicationUsage owner, Key key, boolean ofKnownApplication, long since) {
		this.id = id;
		this.owner = owner;
		this.key = key;
		this.ofKnownApplication = ofKnownApplication;
		this.since = since;
	}

	/**
	 * What usage of one application must have in common to be added up.
	 *
	 * @param metric the system name of the metric
	 * @param minute the minute in which it was used, in minutes since the epoch
	 * @param responseCode the status to be counted with it, or 0
	 * @param flatUsage whether 3scale is not to add it to ancestors
	 */
	record Key(String metric, long minute, int responseCode, boolean flatUsage) {

		static Key of(String metric, Instant time, @Nullable Integer responseCode, boolean flatUsage) {
			return new Key(metric, Counter.minute(time), (responseCode != null) ? responseCode : 0, flatUsage);
		}

		Instant time() {
			return Instant.ofEpochSecond(this.minute * SECONDS);
		}

		@Nullable Integer code() {
			return (this.responseCode != 0) ? this.responseCode : null;
		}

		/**
		 * Tell whether some units would not be counted by 3scale.
		 */
		boolean countsNothing(long units) {
			return units == 0 && this.responseCode == 0;
		}

	}

	/**
	 * Where a counter is on its way to 3scale.
	 */
	enum State {

		/** It waits, and may take more. */
		PENDING,

		/** It is in a batch. */
		SENDING,

		/** It is not in the book any more. */
		GONE

	}

	static long minute(Instant time) {
		return Math.floorDiv(time.getEpochSecond(), SECONDS);
	}

	/**
	 * Tell whether units can be added. One transaction takes no more than
	 * {@link Usage#MAX_AMOUNT}, and counts a response code once.
	 */
	boolean takes(long units, boolean codesApart) {
		return this.units + units <= Usage.MAX_AMOUNT && (!codesApart || this.key.responseCode() == 0);
	}

	void add(long units) {
		this.units += units;
	}

	/**
	 * Take it into a batch, unless it is not pending any more.
	 */
	boolean take() {
		synchronized (this.owner) {
			boolean taken = this.state == State.PENDING;
			if (taken) {
				this.state = State.SENDING;
				this.owner.open().stopGrowing(this);
			}
			return taken;
		}
	}

	/**
	 * Tell whether it is where it is thought to be.
	 */
	boolean is(State state) {
		synchronized (this.owner) {
			return this.state == state;
		}
	}

	/**
	 * Have it wait again, as it was not sent. It is added to the one that took its place,
	 * if it may be.
	 * @param mayJoin whether it may be added to another one
	 * @return the counter that waits, or {@code null} if it is not in the book any more
	 */
	@Nullable Counter putBack(Predicate<Counter> mayJoin) {
		synchronized (this.owner) {
			if (this.state != State.SENDING) {
				return null;
			}
			this.state = State.PENDING;
			Counter present = this.owner.open().growing(this);
			if (present != this && mayJoin.test(present)) {
				present.units += this.units;
				present.ambiguousUnits += this.ambiguousUnits;
				present.since = Math.min(this.since, present.since);
				remove();
				return present;
			}
			return this;
		}
	}

	/**
	 * Note that 3scale has accepted it, or may have.
	 * @return whether it was still in the book
	 */
	boolean delivered(long deliveredAt) {
		synchronized (this.owner) {
			boolean delivered = remove() != State.GONE;
			if (delivered) {
				this.owner.unconfirmed().add(this.key.metric(), this.key.minute(), this.units, deliveredAt);
			}
			return delivered;
		}
	}

	/**
	 * Remove it as usage that 3scale will not count.
	 * @return whether it was still in the book
	 */
	boolean discard() {
		synchronized (this.owner) {
			boolean discarded = remove() != State.GONE;
			if (discarded) {
				this.owner.tell(this, -this.units);
			}
			return discarded;
		}
	}

	/**
	 * Remove it from the book. What was used stays used.
	 * @return where it was
	 */
	State remove() {
		synchronized (this.owner) {
			State before = this.state;
			if (before != State.GONE) {
				this.state = State.GONE;
				this.owner.open().remove(this);
			}
			return before;
		}
	}

	/**
	 * Leave to another process what it has taken over, unless that is on its way from
	 * here. What came later stays.
	 * @param taken how much of it the other process has
	 * @param asSending whether it has it as part of a batch
	 */
	void withdraw(long taken, boolean asSending) {
		synchronized (this.owner) {
			if (this.state == State.GONE || (this.state == State.SENDING && asSending)) {
				return;
			}
			long withdrawn = Math.min(taken, this.units);
			this.units -= withdrawn;
			this.ambiguousUnits = Math.min(this.ambiguousUnits, this.units);
			this.owner.tell(this, -withdrawn);
			if (this.units == 0) {
				remove();
			}
		}
	}

	/**
	 * Describe it for the spool, if it is where it is thought to be.
	 * @param state where it is thought to be
	 * @param knownAt when 3scale knew the application, or {@code null}
	 */
	@Nullable SpooledUsage describe(State state, @Nullable Instant knownAt) {
		synchronized (this.owner) {
			return (this.state != state) ? null
					: new SpooledUsage(this.id, this.owner.application(), this.key.metric(), this.units,
							this.key.time(), this.key.code(), this.key.flatUsage(), Instant.ofEpochMilli(this.since),
							knownAt, state == State.SENDING);
		}
	}

	/**
	 * Note that nobody knows whether it was counted, and return how many units are new to
	 * that.
	 */
	long becomeAmbiguous() {
		synchronized (this.owner) {
			long more = undecidedUnits();
			this.ambiguousUnits = this.units;
			return more;
		}
	}

	/**
	 * Return the units whose fate is open.
	 */
	long undecidedUnits() {
		return this.units - this.ambiguousUnits;
	}

	Transaction transaction() {
		return new Transaction(this.owner.application(), Usage.of(this.key.metric(), this.units), this.key.time(),
				this.key.code());
	}

	long id() {
		return this.id;
	}

	ApplicationUsage owner() {
		return this.owner;
	}

	Key key() {
		return this.key;
	}

	long units() {
		return this.units;
	}

	/**
	 * Return when the first of it was taken, in milliseconds since the epoch.
	 */
	long since() {
		return this.since;
	}

	boolean isOfKnownApplication() {
		return this.ofKnownApplication;
	}

}

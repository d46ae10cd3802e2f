package io.threescale.spring.client.reporting;

import java.time.Instant;

import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import org.jspecify.annotations.Nullable;

/**
 * A sum of usage of one application. It is pending, and usage is added, or part of a
 * batch that is sent. Guarded by the monitor of its {@link ApplicationUsage}.
 */
final class Counter {

	private static final int SECONDS = 60;

	private static final long NOT_STORED = -1;

	private final long id;

	private final ApplicationUsage owner;

	private final Key key;

	private final boolean ofKnownApplication;

	private long since;

	private long units;

	/** Units that were counted as ambiguous, and stay so whatever becomes of them. */
	private long ambiguousUnits;

	private State state = State.PENDING;

	/** Whether it has changed since it was handed to the spool. */
	private boolean changed;

	/** How much of it the spool may hold. */
	private long storedUnits = NOT_STORED;

	/** Whether the spool holds it as part of a batch. */
	private boolean storedAsSending;

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

		/** It waits, and takes more. */
		PENDING,

		/** It is in a batch. */
		SENDING,

		/** It was delivered, given up, or added to another one. */
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
	 * Add another counter of the same key, which is gone then.
	 */
	void addAll(Counter other) {
		this.units += other.units;
		this.ambiguousUnits += other.ambiguousUnits;
		this.since = Math.min(this.since, other.since);
		other.state = State.GONE;
	}

	/**
	 * Note that nobody knows whether it was counted, and return how many units are new to
	 * that.
	 */
	long becomeAmbiguous() {
		long more = this.units - this.ambiguousUnits;
		this.ambiguousUnits = this.units;
		return more;
	}

	/**
	 * Return the units whose fate is open.
	 */
	long undecidedUnits() {
		return this.units - this.ambiguousUnits;
	}

	void become(State state) {
		this.state = state;
	}

	boolean is(State state) {
		return this.state == state;
	}

	/**
	 * Note that the spool does not know it as it is, and tell whether that is new.
	 */
	boolean markChanged() {
		boolean first = !this.changed;
		this.changed = true;
		return first;
	}

	void clearChanged() {
		this.changed = false;
	}

	/**
	 * Tell whether the spool may hold it.
	 */
	boolean isStored() {
		return this.storedUnits != NOT_STORED;
	}

	void stored(long units, boolean asSending) {
		this.storedUnits = units;
		this.storedAsSending = asSending;
	}

	/**
	 * Leave to another process what the spool holds, unless it is on its way from here.
	 * @return whether nothing of it stays
	 */
	boolean withdraw() {
		boolean onItsWay = this.storedAsSending && this.state == State.SENDING;
		boolean withdrawn = isStored() && !onItsWay;
		if (withdrawn) {
			this.units -= Math.min(this.storedUnits, this.units);
			this.ambiguousUnits = Math.min(this.ambiguousUnits, this.units);
		}
		this.storedUnits = NOT_STORED;
		return withdrawn && this.units == 0;
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

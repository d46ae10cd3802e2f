package io.threescale.spring.client.reporting;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.client.reporting.Counter.Key;
import io.threescale.spring.client.reporting.Counter.State;
import io.threescale.spring.client.reporting.UnconfirmedUsage.Part;
import io.threescale.spring.client.reporting.spool.SpooledUsage;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

/**
 * What one application has used and 3scale does not show yet: counters that are pending,
 * those that are being sent, and what was delivered a moment ago and is unconfirmed. It
 * is guarded by its monitor, in which nothing waits and no foreign code runs. When it is
 * empty it is {@linkplain #isRemoved() removed}; whoever holds a removed one looks for
 * another in the {@link UsageBook}.
 */
@ApiStatus.Internal
public final class ApplicationUsage {

	private final UsageBook book;

	private final KeyedHash hash;

	private final ApplicationCredentials application;

	private final Map<Key, Counter> pending = new HashMap<>(2);

	/** Pending counters that take no more, and whose place another one has taken. */
	private final List<Counter> full = new ArrayList<>(0);

	private final List<Counter> sending = new ArrayList<>(0);

	private final UnconfirmedUsage unconfirmed;

	private @Nullable KeptAnswer answer;

	private boolean removed;

	ApplicationUsage(UsageBook book, KeyedHash hash, ApplicationCredentials application) {
		this.book = book;
		this.unconfirmed = new UnconfirmedUsage(book);
		this.hash = hash;
		this.application = application;
	}

	/**
	 * Usage set aside for a call that 3scale is deciding about.
	 */
	public static final class Reservation {

		private final Usage usage;

		private final List<Part> parts;

		private Reservation(Usage usage, List<Part> parts) {
			this.usage = usage;
			this.parts = parts;
		}

	}

	/**
	 * What became of usage that was to be taken.
	 */
	public enum Taken {

		/** All of it is here. */
		YES,

		/** None of it is here, as there is no room or no more usage is taken. */
		NO,

		/** This one is removed. */
		REMOVED

	}

	KeyedHash hash() {
		return this.hash;
	}

	ApplicationCredentials application() {
		return this.application;
	}

	/**
	 * Tell whether this one was empty and is not used any more.
	 * @return whether it was removed
	 */
	public synchronized boolean isRemoved() {
		return this.removed;
	}

	/**
	 * Have an answer hear of all changes from now on, in place of an earlier one.
	 * @param answer what 3scale showed
	 */
	public synchronized void keep(KeptAnswer answer) {
		this.answer = answer;
	}

	/**
	 * Tell whether an answer hears of all changes.
	 * @param answer what 3scale showed
	 * @return whether it was the last to be {@linkplain #keep kept}
	 */
	public synchronized boolean keeps(KeptAnswer answer) {
		return this.answer == answer;
	}

	/**
	 * Take usage, all of it or nothing. A response code goes with the first metric alone,
	 * as 3scale counts it once a transaction.
	 * @param usage what was used
	 * @param time when
	 * @param responseCode what the protected API answered, or {@code null}
	 * @param flatUsage whether 3scale is not to add it to ancestors
	 * @return whether it was taken
	 */
	public synchronized Taken add(Usage usage, Instant time, @Nullable Integer responseCode, boolean flatUsage) {
		if (this.removed) {
			return Taken.REMOVED;
		}
		Map<String, Long> increments = usage.increments();
		boolean codesApart = this.book.keepsCodesApart();
		int missing = 0;
		Integer code = responseCode;
		for (Map.Entry<String, Long> part : increments.entrySet()) {
			missing += hasCounter(Key.of(part.getKey(), time, code, flatUsage), part.getValue(), codesApart) ? 0 : 1;
			code = null;
		}
		boolean known = missing == 0 || this.book.isKnown(this.hash);
		if (!this.book.acquire(missing, known)) {
			return Taken.NO;
		}
		code = responseCode;
		for (Map.Entry<String, Long> part : increments.entrySet()) {
			add(Key.of(part.getKey(), time, code, flatUsage), part.getValue(), known, codesApart);
			code = null;
		}
		return Taken.YES;
	}

	private boolean hasCounter(Key key, long units, boolean codesApart) {
		Counter counter = this.pending.get(key);
		return (counter != null) ? counter.takes(units, codesApart) : key.countsNothing(units);
	}

	private void add(Key key, long units, boolean known, boolean codesApart) {
		if (key.countsNothing(units)) {
			return;
		}
		Counter counter = this.pending.get(key);
		if (counter == null || !counter.takes(units, codesApart)) {
			counter = this.book.newCounter(this, key, known);
			begin(counter);
		}
		counter.add(units);
		this.book.added(counter, units);
		tell(key.metric(), key.minute(), units);
	}

	private void begin(Counter counter) {
		Counter replaced = this.pending.put(counter.key(), counter);
		if (replaced != null) {
			this.full.add(replaced);
		}
	}

	/**
	 * Take a counter that an earlier process has left.
	 */
	synchronized boolean restore(Counter counter) {
		if (!this.removed) {
			begin(counter);
			tell(counter.key().metric(), counter.key().minute(), counter.units());
		}
		return !this.removed;
	}

	/**
	 * Set usage aside for a call that 3scale is about to decide.
	 * @param usage what the call uses
	 * @return what was set aside, or {@code null} if this one is removed
	 */
	public synchronized @Nullable Reservation reserve(Usage usage) {
		if (this.removed) {
			return null;
		}
		usage.increments().forEach((metric, units) -> tell(metric, Long.MAX_VALUE, units));
		return new Reservation(usage, this.unconfirmed.reserve(usage));
	}

	/**
	 * Give back usage that 3scale has not counted.
	 * @param reservation what was set aside
	 */
	public synchronized void release(Reservation reservation) {
		this.unconfirmed.release(reservation.parts);
		reservation.usage.increments().forEach((metric, units) -> tell(metric, Long.MAX_VALUE, -units));
	}

	/**
	 * Note that 3scale counts, or may count, usage that was set aside.
	 * @param reservation what was set aside
	 * @param now the time
	 * @param deliveredAt the same time by {@link SteadyTime}
	 */
	public synchronized void counted(Reservation reservation, Instant now, long deliveredAt) {
		this.unconfirmed.counted(reservation.parts, Counter.minute(now), deliveredAt);
	}

	/**
	 * Visit all usage that an answer may not show which was asked for now.
	 * @param visitor is told in the way of {@link KeptAnswer#used}
	 * @param leftOut what is not visited, or {@code null}
	 */
	public synchronized void forEachUnshown(Visitor visitor, @Nullable Reservation leftOut) {
		forEachOpen((counter) -> visitor.visit(counter.key().metric(), counter.key().minute(), counter.units()));
		this.unconfirmed.forEach(visitor, (leftOut != null) ? leftOut.parts : null);
	}

	/**
	 * Is told of usage.
	 */
	@FunctionalInterface
	public interface Visitor {

		/**
		 * Visit usage of a metric in a minute.
		 * @param metric the system name of the metric
		 * @param minute the minute, in minutes since the epoch
		 * @param units how much
		 */
		void visit(String metric, long minute, long units);

	}

	/**
	 * Visit all counters that 3scale has not accepted.
	 */
	synchronized void forEachOpen(Consumer<Counter> visitor) {
		forEachPending(visitor);
		this.sending.forEach(visitor);
	}

	/**
	 * Visit all counters that wait to be sent.
	 */
	synchronized void forEachPending(Consumer<Counter> visitor) {
		this.pending.values().forEach(visitor);
		this.full.forEach(visitor);
	}

	/**
	 * Tell whether usage waits to be sent, or is being sent.
	 * @return whether 3scale has not accepted all of it
	 */
	public synchronized boolean hasOpen() {
		return !this.pending.isEmpty() || !this.full.isEmpty() || !this.sending.isEmpty();
	}

	/**
	 * Take a pending counter into a batch, unless it is not pending any more.
	 */
	synchronized boolean take(Counter counter) {
		if (!counter.is(State.PENDING)) {
			return false;
		}
		if (!this.pending.remove(counter.key(), counter)) {
			this.full.remove(counter);
		}
		counter.become(State.SENDING);
		this.sending.add(counter);
		return true;
	}

	/**
	 * Tell whether a counter is in a batch, and was not given up.
	 */
	synchronized boolean isSending(Counter counter) {
		return counter.is(State.SENDING);
	}

	/**
	 * Note that 3scale has accepted a counter that was sent, or may have.
	 */
	synchronized boolean delivered(Counter counter, long deliveredAt) {
		if (!end(counter)) {
			return false;
		}
		this.unconfirmed.add(counter.key().metric(), counter.key().minute(), counter.units(), deliveredAt);
		return true;
	}

	/**
	 * Give up a counter that 3scale has not counted.
	 */
	synchronized boolean discard(Counter counter) {
		if (!end(counter)) {
			return false;
		}
		tell(counter.key().metric(), counter.key().minute(), -counter.units());
		return true;
	}

	private boolean end(Counter counter) {
		boolean ends = this.sending.remove(counter);
		if (ends) {
			counter.become(State.GONE);
			this.book.release(counter);
		}
		return ends;
	}

	/**
	 * Leave to another process what the spool holds of all counters. What came later
	 * stays.
	 * @return those that stay, to be written again
	 */
	synchronized List<Counter> withdrawStored() {
		List<Counter> stay = snapshotOpen();
		stay.removeIf(this::withdraw);
		return stay;
	}

	private boolean withdraw(Counter counter) {
		long units = counter.units();
		boolean whole = counter.withdraw();
		tell(counter.key().metric(), counter.key().minute(), counter.units() - units);
		if (whole) {
			take(counter);
			end(counter);
		}
		return whole;
	}

	/**
	 * Have a counter wait again that was not sent. It is added to the one that took its
	 * place.
	 * @return the counter that waits, or {@code null} if it was given up meanwhile
	 */
	synchronized @Nullable Counter putBack(Counter counter) {
		if (!this.sending.remove(counter)) {
			return null;
		}
		Counter present = this.pending.get(counter.key());
		if (present != null && present.takes(counter.units(), this.book.keepsCodesApart())) {
			present.addAll(counter);
			this.book.release(counter);
			return present;
		}
		counter.become(State.PENDING);
		if (present == null) {
			this.pending.put(counter.key(), counter);
		}
		else {
			this.full.add(counter);
		}
		return counter;
	}

	/**
	 * Return all counters that 3scale has not accepted.
	 */
	synchronized List<Counter> snapshotOpen() {
		List<Counter> counters = new ArrayList<>();
		forEachOpen(counters::add);
		return counters;
	}

	/**
	 * Take all that waits out, for the last time.
	 */
	synchronized List<Counter> giveUpPending() {
		List<Counter> given = snapshotPending();
		given.forEach(this::take);
		given.forEach(this::end);
		return given;
	}

	/**
	 * Take all out that is being sent, for the last time.
	 */
	synchronized List<Counter> giveUpSending() {
		List<Counter> given = List.copyOf(this.sending);
		given.forEach(this::end);
		return given;
	}

	/**
	 * Forget unconfirmed usage that 3scale has counted for sure, and that no kept answer
	 * lacks.
	 * @param now the time by {@link SteadyTime}
	 * @param settleTime how long 3scale may take to count, in nanoseconds
	 * @return whether this is empty and removed
	 */
	synchronized boolean confirm(long now, long settleTime) {
		long asOf = now;
		if (this.answer != null && this.answer.isKept(now)) {
			asOf = this.answer.askedAt();
		}
		else {
			this.answer = null;
		}
		confirmUntil(asOf - settleTime);
		this.removed = !hasOpen() && this.unconfirmed.isEmpty();
		return this.removed;
	}

	/**
	 * Forget unconfirmed usage that was delivered until some time.
	 * @param deliveredUntil the time by {@link SteadyTime}
	 */
	public synchronized void confirmUntil(long deliveredUntil) {
		this.unconfirmed.confirmUntil(deliveredUntil);
	}

	/**
	 * Describe a counter for the spool, if it is where it is thought to be.
	 * @param state where it is thought to be
	 * @param knownAt when 3scale knew the application, or {@code null}
	 */
	synchronized @Nullable SpooledUsage describe(Counter counter, State state, @Nullable Instant knownAt) {
		if (!counter.is(state)) {
			return null;
		}
		counter.clearChanged();
		Key key = counter.key();
		return new SpooledUsage(counter.id(), this.application, key.metric(), counter.units(), key.time(), key.code(),
				key.flatUsage(), Instant.ofEpochMilli(counter.since()), knownAt, state == State.SENDING);
	}

	/**
	 * Add up what 3scale has not accepted yet.
	 */
	synchronized Usage open() {
		Map<String, Long> open = new HashMap<>();
		forEachOpen((counter) -> add(open, counter.key().metric(), counter.units()));
		return Usage.of(open);
	}

	/**
	 * Add up what 3scale has accepted, or is deciding about, and may not show yet.
	 */
	synchronized Usage unconfirmed() {
		Map<String, Long> unconfirmed = new HashMap<>();
		this.unconfirmed.forEach((metric, minute, units) -> add(unconfirmed, metric, units), null);
		return Usage.of(unconfirmed);
	}

	private static void add(Map<String, Long> sums, String metric, long units) {
		sums.merge(metric, units, (one, other) -> Math.min(one + other, Usage.MAX_AMOUNT));
	}

	synchronized List<Counter> snapshotPending() {
		List<Counter> counters = new ArrayList<>(this.pending.size());
		forEachPending(counters::add);
		return counters;
	}

	private void tell(String metric, long minute, long units) {
		if (this.answer != null) {
			this.answer.used(metric, minute, units);
		}
	}

}

package io.threescale.spring.client.reporting;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.client.KeyedHash;
import io.threescale.spring.client.SteadyTime;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

/**
 * What one application has used and 3scale does not show yet: counters that are pending
 * or being sent, and what was delivered a moment ago and is unconfirmed. It is guarded by
 * its monitor, in which nothing waits and no foreign code runs. When it is empty it is
 * {@linkplain #isRemoved() removed}; whoever wants to use one makes sure in its monitor
 * that it is not, or looks for another in the {@link UsageBook}.
 */
@ApiStatus.Internal
public final class ApplicationUsage {

	private final KeyedHash hash;

	private final ApplicationCredentials application;

	private final OpenUsage open;

	private final UnconfirmedUsage unconfirmed;

	private @Nullable KeptAnswer answer;

	private volatile boolean removed;

	ApplicationUsage(UsageBook book, KeyedHash hash, ApplicationCredentials application) {
		this.hash = hash;
		this.application = application;
		this.open = new OpenUsage(book, this);
		this.unconfirmed = new UnconfirmedUsage(book);
	}

	/**
	 * Usage set aside for a call that 3scale is deciding about. Each is itself, whatever
	 * the usage.
	 */
	public final class Reservation {

		private final Usage usage;

		private Reservation(Usage usage) {
			this.usage = usage;
		}

		Usage usage() {
			return this.usage;
		}

		/**
		 * Give it back, as 3scale has not counted it.
		 */
		public void release() {
			synchronized (ApplicationUsage.this) {
				ApplicationUsage.this.unconfirmed.release(this);
				this.usage.increments().forEach((metric, units) -> tell(metric, Long.MAX_VALUE, -units));
			}
		}

		/**
		 * Note that 3scale counts it, or may count it.
		 * @param now the time
		 * @param deliveredAt the same time by {@link SteadyTime}
		 */
		public void counted(Instant now, long deliveredAt) {
			synchronized (ApplicationUsage.this) {
				ApplicationUsage.this.unconfirmed.counted(this, Counter.minute(now), deliveredAt);
			}
		}

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

	KeyedHash hash() {
		return this.hash;
	}

	ApplicationCredentials application() {
		return this.application;
	}

	OpenUsage open() {
		return this.open;
	}

	UnconfirmedUsage unconfirmed() {
		return this.unconfirmed;
	}

	/**
	 * Tell whether this one was empty and is not used any more.
	 * @return whether it was removed
	 */
	public boolean isRemoved() {
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
	 * Take usage, all of it or nothing.
	 * @param usage what was used
	 * @param time when
	 * @param responseCode what the protected API answered, or {@code null}
	 * @param flatUsage whether 3scale is not to add it to ancestors
	 * @return whether it was taken; not if there is no room, or no more usage is taken
	 */
	public synchronized boolean add(Usage usage, Instant time, @Nullable Integer responseCode, boolean flatUsage) {
		return this.open.add(usage, time, responseCode, flatUsage);
	}

	/**
	 * Set usage aside for a call that 3scale is about to decide.
	 * @param usage what the call uses
	 * @return what was set aside
	 */
	public synchronized Reservation reserve(Usage usage) {
		Reservation reservation = new Reservation(usage);
		this.unconfirmed.reserve(reservation);
		usage.increments().forEach((metric, units) -> tell(metric, Long.MAX_VALUE, units));
		return reservation;
	}

	/**
	 * Visit all usage that an answer may not show which was asked for now.
	 * @param visitor is told in the way of {@link KeptAnswer#used}
	 * @param leftOut what is not visited, or {@code null}
	 */
	public synchronized void forEachUnshown(Visitor visitor, @Nullable Reservation leftOut) {
		this.open.forEachUnit(visitor);
		this.unconfirmed.forEach(visitor, leftOut);
	}

	/**
	 * Visit all counters that 3scale has not accepted.
	 */
	synchronized void forEachOpen(Consumer<Counter> visitor) {
		this.open.forEach(visitor);
	}

	/**
	 * Tell whether usage waits to be sent, or is being sent.
	 * @return whether 3scale has not accepted all of it
	 */
	public synchronized boolean hasOpen() {
		return !this.open.isEmpty();
	}

	/**
	 * Add up what 3scale has not accepted yet.
	 */
	synchronized Usage sumOfOpen() {
		return sum(this.open::forEachUnit);
	}

	/**
	 * Add up what 3scale has accepted, or is deciding about, and may not show yet.
	 */
	synchronized Usage sumOfUnconfirmed() {
		return sum((visitor) -> this.unconfirmed.forEach(visitor, null));
	}

	private static Usage sum(Consumer<Visitor> visits) {
		Map<String, Long> sums = new HashMap<>();
		visits.accept((metric, minute, units) -> sums.merge(metric, units,
				(one, other) -> Math.min(one + other, Usage.MAX_AMOUNT)));
		return Usage.of(sums);
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
		this.removed = this.open.isEmpty() && this.unconfirmed.isEmpty();
		return this.removed;
	}

	/**
	 * Forget unconfirmed usage that was delivered until some time.
	 * @param deliveredUntil the time by {@link SteadyTime}
	 */
	public synchronized void confirmUntil(long deliveredUntil) {
		this.unconfirmed.confirmUntil(deliveredUntil);
	}

	void tell(Counter counter, long units) {
		tell(counter.key().metric(), counter.key().minute(), units);
	}

	private void tell(String metric, long minute, long units) {
		if (this.answer != null) {
			this.answer.used(metric, minute, units);
		}
	}

}

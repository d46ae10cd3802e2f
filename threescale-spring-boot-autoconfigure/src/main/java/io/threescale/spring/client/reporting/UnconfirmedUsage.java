package io.threescale.spring.client.reporting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.threescale.spring.client.SteadyTime;
import io.threescale.spring.client.reporting.ApplicationUsage.Reservation;
import io.threescale.spring.client.reporting.ApplicationUsage.Visitor;
import org.jspecify.annotations.Nullable;

/**
 * What an application has used and 3scale may not show, though it was told: it was
 * delivered a moment ago, or 3scale is deciding about it. Guarded by the monitor of the
 * {@link ApplicationUsage}.
 */
final class UnconfirmedUsage {

	/** What is delivered within a tenth of a second is one sum, of the end of it. */
	private static final long TICK = 100_000_000;

	private final UsageBook book;

	private final List<Reservation> reserved = new ArrayList<>(0);

	private final Map<Delivered, Long> delivered = new HashMap<>(2);

	UnconfirmedUsage(UsageBook book) {
		this.book = book;
	}

	/**
	 * What delivered usage must have in common to be one sum.
	 *
	 * @param at when it was delivered, by {@link SteadyTime}
	 */
	private record Delivered(String metric, long minute, long at) {
	}

	void reserve(Reservation reservation) {
		this.reserved.add(reservation);
	}

	void release(Reservation reservation) {
		this.reserved.remove(reservation);
	}

	void counted(Reservation reservation, long minute, long deliveredAt) {
		release(reservation);
		reservation.usage().increments().forEach((metric, units) -> add(metric, minute, units, deliveredAt));
	}

	void add(String metric, long minute, long units, long deliveredAt) {
		if (!this.book.keepsUnconfirmed()) {
			return;
		}
		long at = -Math.floorDiv(-deliveredAt, TICK) * TICK;
		int before = this.delivered.size();
		this.delivered.merge(new Delivered(metric, minute, at), units, Long::sum);
		this.book.unconfirmed(this.delivered.size() - before);
	}

	/**
	 * Forget what was delivered until some time.
	 */
	void confirmUntil(long deliveredUntil) {
		int before = this.delivered.size();
		this.delivered.keySet().removeIf((delivered) -> delivered.at() <= deliveredUntil);
		this.book.unconfirmed(this.delivered.size() - before);
	}

	/**
	 * Visit all of it but a reservation. 3scale itself decides in which minute it counts
	 * what is reserved.
	 */
	void forEach(Visitor visitor, @Nullable Reservation leftOut) {
		for (Reservation reservation : this.reserved) {
			if (reservation != leftOut) {
				reservation.usage()
					.increments()
					.forEach((metric, units) -> visitor.visit(metric, Long.MAX_VALUE, units));
			}
		}
		this.delivered.forEach((delivered, units) -> visitor.visit(delivered.metric(), delivered.minute(), units));
	}

	boolean isEmpty() {
		return this.reserved.isEmpty() && this.delivered.isEmpty();
	}

}

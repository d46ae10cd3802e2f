package io.threescale.spring.client.reporting;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import io.threescale.spring.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What an application has used and 3scale may not show, though it was told: it was
 * delivered a moment ago, or 3scale is deciding about it. Guarded by the monitor of the
 * {@link ApplicationUsage}.
 */
final class UnconfirmedUsage {

	/** What is delivered within a tenth of a second is one sum, of the later time. */
	private static final long SAME_TIME = 100_000_000;

	/** 3scale itself decides in which period it counts what it is asked about. */
	private static final long UNDECIDED = Long.MAX_VALUE;

	private final UsageBook book;

	private final List<Part> parts = new ArrayList<>(0);

	UnconfirmedUsage(UsageBook book) {
		this.book = book;
	}

	/**
	 * A sum of usage of one metric.
	 */
	static final class Part {

		private final String metric;

		private final long minute;

		private long units;

		/** When it was delivered, by {@link SteadyTime}. */
		private long deliveredAt;

		private Part(String metric, long minute, long units, long deliveredAt) {
			this.metric = metric;
			this.minute = minute;
			this.units = units;
			this.deliveredAt = deliveredAt;
		}

		private boolean takes(String metric, long minute, long deliveredAt) {
			return this.minute == minute && this.metric.equals(metric) && this.deliveredAt != UNDECIDED
					&& deliveredAt - this.deliveredAt < SAME_TIME;
		}

	}

	/**
	 * Add usage that 3scale is about to decide about.
	 * @return the parts of it
	 */
	List<Part> reserve(Usage usage) {
		List<Part> reserved = new ArrayList<>(1);
		usage.increments().forEach((metric, units) -> reserved.add(new Part(metric, UNDECIDED, units, UNDECIDED)));
		this.parts.addAll(reserved);
		return reserved;
	}

	void release(List<Part> reserved) {
		this.parts.removeAll(reserved);
	}

	/**
	 * Note that 3scale counts, or may count, what was reserved.
	 */
	void counted(List<Part> reserved, long minute, long deliveredAt) {
		this.parts.removeAll(reserved);
		reserved.forEach((part) -> add(part.metric, minute, part.units, deliveredAt));
	}

	/**
	 * Add usage that was delivered.
	 */
	void add(String metric, long minute, long units, long deliveredAt) {
		if (!this.book.keepsUnconfirmed()) {
			return;
		}
		Part last = this.parts.isEmpty() ? null : this.parts.get(this.parts.size() - 1);
		if (last != null && last.takes(metric, minute, deliveredAt)) {
			last.units += units;
			last.deliveredAt = deliveredAt;
		}
		else {
			this.parts.add(new Part(metric, minute, units, deliveredAt));
			this.book.unconfirmed(1);
		}
	}

	/**
	 * Forget what was delivered until some time.
	 */
	void confirmUntil(long deliveredUntil) {
		for (Iterator<Part> all = this.parts.iterator(); all.hasNext();) {
			Part part = all.next();
			if (part.deliveredAt != UNDECIDED && part.deliveredAt <= deliveredUntil) {
				all.remove();
				this.book.unconfirmed(-1);
			}
		}
	}

	void forEach(ApplicationUsage.Visitor visitor, @Nullable List<Part> leftOut) {
		for (Part part : this.parts) {
			if (leftOut == null || !leftOut.contains(part)) {
				visitor.visit(part.metric, part.minute, part.units);
			}
		}
	}

	boolean isEmpty() {
		return this.parts.isEmpty();
	}

}

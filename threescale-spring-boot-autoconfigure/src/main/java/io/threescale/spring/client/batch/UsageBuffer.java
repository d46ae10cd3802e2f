package io.threescale.spring.client.batch;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

import io.threescale.spring.ApplicationCredentials;

/**
 * All usage that 3scale has not accepted yet, bounded. Adding to a sum that exists takes
 * no lock. Sums begin, leave and come back while their application is locked, so that
 * none is added to an application that is about to be dropped.
 */
final class UsageBuffer {

	private final Applications applications = new Applications();

	private final AtomicInteger size = new AtomicInteger();

	private final AtomicLong ids = new AtomicLong();

	private final ReadWriteLock closing = new ReentrantReadWriteLock();

	private final int maxSize;

	private final Clock clock;

	private final Changes changes;

	private final FlushSignal signal;

	private volatile boolean open;

	UsageBuffer(int maxSize, Clock clock, Changes changes, FlushSignal signal) {
		this.maxSize = maxSize;
		this.clock = clock;
		this.changes = changes;
		this.signal = signal;
	}

	/**
	 * Take usage in, unless there is no room for it.
	 * @return whether it was taken
	 */
	boolean add(ApplicationCredentials application, Slot slot, long units) {
		return addToPresent(application, slot, units) || addAll(application, Map.of(slot, units));
	}

	/**
	 * Take all of it in, or nothing. Room is made sure of first: what was added may be on
	 * its way already, and cannot be taken back.
	 * @return whether it was taken
	 */
	boolean addAll(ApplicationCredentials application, Map<Slot, Long> usage) {
		this.closing.readLock().lock();
		try {
			int reserved = missing(application, usage);
			if (!this.open || !reserve(reserved)) {
				return false;
			}
			int begun = 0;
			for (Map.Entry<Slot, Long> part : usage.entrySet()) {
				if (!addToPresent(application, part.getKey(), part.getValue())
						&& begin(application, part.getKey(), part.getValue())) {
					begun++;
				}
			}
			this.size.addAndGet(begun - reserved);
			return true;
		}
		finally {
			this.closing.readLock().unlock();
		}
	}

	/**
	 * Count the sums to begin. Others may begin or seal one a moment later, so this is a
	 * guess, and made good afterwards.
	 */
	private int missing(ApplicationCredentials application, Map<Slot, Long> usage) {
		ApplicationBuffer buffer = this.applications.get(application);
		return (buffer != null) ? buffer.missing(usage) : usage.size();
	}

	private boolean reserve(int count) {
		if (this.size.addAndGet(count) <= this.maxSize || count == 0) {
			return true;
		}
		this.size.addAndGet(-count);
		return false;
	}

	private boolean addToPresent(ApplicationCredentials application, Slot slot, long units) {
		ApplicationBuffer buffer = this.applications.get(application);
		Aggregate aggregate = (buffer != null) ? buffer.get(slot) : null;
		if (aggregate == null) {
			return false;
		}
		long sum = aggregate.add(units);
		if (sum == Aggregate.REFUSED) {
			return false;
		}
		added(aggregate, units, sum);
		return true;
	}

	private void added(Aggregate aggregate, long units, long sum) {
		this.changes.add(aggregate);
		this.signal.added(units, sum);
	}

	/**
	 * Begin a sum, or add to the one that somebody has begun meanwhile. Nobody is told
	 * while the application is locked: others would not see the usage yet.
	 * @return whether it was begun
	 */
	private boolean begin(ApplicationCredentials application, Slot slot, long units) {
		Aggregate fresh = new Aggregate(this.ids.incrementAndGet(), application, slot, this.clock.instant(), units);
		Added added = new Added(fresh);
		change(fresh, (buffer) -> begin(buffer, added, units));
		if (added.aggregate != fresh) {
			added(added.aggregate, units, added.sum);
			return false;
		}
		this.changes.add(fresh);
		this.signal.begun(this.size.get(), units);
		return true;
	}

	private static void begin(ApplicationBuffer buffer, Added added, long units) {
		Aggregate present = buffer.get(added.aggregate.slot());
		long sum = (present != null) ? present.add(units) : Aggregate.REFUSED;
		if (present == null || sum == Aggregate.REFUSED) {
			buffer.begin(added.aggregate);
			return;
		}
		added.aggregate = present;
		added.sum = sum;
	}

	/**
	 * Leave ids alone that are taken.
	 */
	void countIdsFrom(long lastId) {
		this.ids.set(lastId);
	}

	/**
	 * Take in what an earlier process has left, however much it is.
	 */
	void restore(Aggregate aggregate) {
		this.size.incrementAndGet();
		putBack(aggregate);
	}

	/**
	 * Seal aggregates for their delivery. Those that somebody else has sealed are left
	 * out.
	 */
	Shipment seal(List<Aggregate> planned) {
		Shipment shipment = new Shipment();
		planned.forEach((aggregate) -> change(aggregate, (buffer) -> buffer.underWay().add(shipment)));
		List<Aggregate> sealed = planned.stream().filter(Aggregate::seal).toList();
		shipment.load(sealed);
		sealed.forEach((aggregate) -> change(aggregate, (buffer) -> buffer.remove(aggregate)));
		return shipment;
	}

	/**
	 * Take a sealed aggregate back and open it, both at once: in between it would be
	 * replaced, or delivered and left here. One that was given up meanwhile stays away.
	 */
	void putBack(Aggregate aggregate) {
		change(aggregate, (buffer) -> {
			if (aggregate.reopen()) {
				buffer.putBack(aggregate);
			}
		});
	}

	/**
	 * Settle aggregates that were delivered or given up, which makes room, and return
	 * those that nobody else has settled.
	 */
	List<Aggregate> settle(Collection<Aggregate> aggregates) {
		List<Aggregate> settled = aggregates.stream().filter(Aggregate::settle).toList();
		this.size.addAndGet(-settled.size());
		return settled;
	}

	/**
	 * End a shipment whose aggregates were put back or settled.
	 */
	void end(Shipment shipment, List<Aggregate> planned) {
		planned.forEach((aggregate) -> change(aggregate, (buffer) -> buffer.underWay().remove(shipment)));
		shipment.end();
	}

	private void change(Aggregate aggregate, Consumer<ApplicationBuffer> change) {
		this.applications.change(aggregate.application(), change);
	}

	/**
	 * Begin to take usage.
	 */
	void open() {
		this.open = true;
	}

	/**
	 * Take no more usage. When this returns, nobody is about to begin a sum.
	 */
	void close() {
		this.closing.writeLock().lock();
		this.open = false;
		this.closing.writeLock().unlock();
	}

	Applications applications() {
		return this.applications;
	}

	int size() {
		return this.size.get();
	}

	/**
	 * Carries the outcome out of {@code compute}.
	 */
	private static final class Added {

		private Aggregate aggregate;

		private long sum;

		private Added(Aggregate aggregate) {
			this.aggregate = aggregate;
		}

	}

}

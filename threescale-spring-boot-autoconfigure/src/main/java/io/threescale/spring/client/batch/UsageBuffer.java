package io.threescale.spring.client.batch;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

import io.threescale.spring.ApplicationCredentials;
import org.jspecify.annotations.Nullable;

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
		ApplicationBuffer buffer = this.applications.get(application);
		Aggregate aggregate = (buffer != null) ? buffer.get(slot) : null;
		if (aggregate == null || !addTo(aggregate, units)) {
			return begin(application, slot, units);
		}
		return true;
	}

	private boolean addTo(Aggregate aggregate, long units) {
		long sum = aggregate.add(units);
		if (sum == Aggregate.REFUSED) {
			return false;
		}
		this.changes.add(aggregate);
		this.signal.added(units, sum);
		return true;
	}

	/**
	 * Nobody is told while the application is locked: others would not see the usage yet.
	 */
	private boolean begin(ApplicationCredentials application, Slot slot, long units) {
		Added added = new Added();
		beginUnlessClosed(application, slot, units, added);
		Aggregate aggregate = added.aggregate;
		if (aggregate == null) {
			return false;
		}
		this.changes.add(aggregate);
		if (added.begun) {
			this.signal.begun(this.size.get(), units);
		}
		else {
			this.signal.added(units, added.sum);
		}
		return true;
	}

	private void beginUnlessClosed(ApplicationCredentials application, Slot slot, long units, Added added) {
		this.closing.readLock().lock();
		try {
			this.applications.change(application, (buffer) -> begin(application, buffer, slot, units, added));
		}
		finally {
			this.closing.readLock().unlock();
		}
	}

	private void begin(ApplicationCredentials application, ApplicationBuffer buffer, Slot slot, long units,
			Added added) {
		Aggregate present = buffer.get(slot);
		if (present != null) {
			added.sum = present.add(units);
			added.aggregate = (added.sum != Aggregate.REFUSED) ? present : null;
		}
		boolean tooLarge = present != null && !present.isSealed();
		if (added.aggregate != null || tooLarge || !this.open || !reserve()) {
			return;
		}
		added.aggregate = new Aggregate(this.ids.incrementAndGet(), application, slot, this.clock.instant(), units);
		added.begun = true;
		buffer.put(added.aggregate);
	}

	private boolean reserve() {
		if (this.size.incrementAndGet() <= this.maxSize) {
			return true;
		}
		this.size.decrementAndGet();
		return false;
	}

	/**
	 * Take in what an earlier process has left, however much it is.
	 */
	void restore(Aggregate aggregate) {
		this.ids.accumulateAndGet(aggregate.id(), Math::max);
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
	 * replaced, or delivered and left here.
	 */
	void putBack(Aggregate aggregate) {
		change(aggregate, (buffer) -> {
			buffer.putBack(aggregate);
			aggregate.reopen();
		});
	}

	/**
	 * Make room where aggregates were delivered or given up.
	 */
	void forget(Collection<Aggregate> aggregates) {
		this.size.addAndGet(-aggregates.size());
	}

	/**
	 * End a shipment whose aggregates were put back or forgotten.
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

		private @Nullable Aggregate aggregate;

		private long sum;

		private boolean begun;

	}

}

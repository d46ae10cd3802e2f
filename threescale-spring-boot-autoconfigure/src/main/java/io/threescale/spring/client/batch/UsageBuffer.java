package io.threescale.spring.client.batch;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.threescale.spring.ApplicationCredentials;
import org.jspecify.annotations.Nullable;

/**
 * All usage that 3scale has not accepted yet, bounded. Adding to a sum that exists takes
 * no lock. Sums begin, come back and end within {@code compute} of their application, so
 * that an application can be forgotten when it has none.
 */
final class UsageBuffer {

	private final Map<ApplicationCredentials, ApplicationBuffer> applications = new ConcurrentHashMap<>();

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
	 * Nobody is told within {@code compute}, where others would not see the usage yet.
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
			this.applications.compute(application, (key, buffer) -> begin(application, buffer, slot, units, added));
		}
		finally {
			this.closing.readLock().unlock();
		}
	}

	private @Nullable ApplicationBuffer begin(ApplicationCredentials application, @Nullable ApplicationBuffer buffer,
			Slot slot, long units, Added added) {
		Aggregate present = (buffer != null) ? buffer.get(slot) : null;
		if (present != null) {
			added.sum = present.add(units);
			added.aggregate = (added.sum != Aggregate.REFUSED) ? present : null;
		}
		boolean tooLarge = present != null && !present.isSealed();
		if (added.aggregate != null || tooLarge || !this.open || !reserve()) {
			return buffer;
		}
		ApplicationBuffer target = (buffer != null) ? buffer : new ApplicationBuffer();
		added.aggregate = new Aggregate(this.ids.incrementAndGet(), application, slot, this.clock.instant(), units);
		added.begun = true;
		target.put(added.aggregate);
		return target;
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
		planned.forEach((aggregate) -> onBuffer(aggregate, (buffer) -> buffer.underWay().add(shipment)));
		List<Aggregate> sealed = planned.stream().filter(Aggregate::seal).toList();
		shipment.load(sealed);
		sealed.forEach((aggregate) -> onBuffer(aggregate, (buffer) -> buffer.remove(aggregate)));
		return shipment;
	}

	/**
	 * Take sealed aggregates back.
	 */
	void putBack(Aggregate aggregate) {
		this.applications.compute(aggregate.application(), (application, buffer) -> {
			ApplicationBuffer target = (buffer != null) ? buffer : new ApplicationBuffer();
			target.putBack(aggregate);
			return target;
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
		planned.forEach((aggregate) -> this.applications.computeIfPresent(aggregate.application(), (key, buffer) -> {
			buffer.underWay().remove(shipment);
			return buffer.isEmpty() ? null : buffer;
		}));
		shipment.end();
	}

	private void onBuffer(Aggregate aggregate, Consumer<ApplicationBuffer> action) {
		this.applications.computeIfPresent(aggregate.application(), (key, buffer) -> {
			action.accept(buffer);
			return buffer;
		});
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

	@Nullable ApplicationBuffer get(ApplicationCredentials application) {
		return this.applications.get(application);
	}

	List<Aggregate> pending() {
		List<Aggregate> pending = new ArrayList<>(this.size.get());
		this.applications.values().forEach((buffer) -> pending.addAll(buffer.pending()));
		return pending;
	}

	Stream<Shipment> underWay() {
		return this.applications.values().stream().flatMap((buffer) -> buffer.underWay().stream()).distinct();
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

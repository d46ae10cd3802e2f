package io.threescale.spring.client.batch;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * What one application has used and 3scale has not accepted yet.
 */
final class ApplicationBuffer {

	private final Map<Slot, Aggregate> pending = new ConcurrentHashMap<>(4);

	private final Set<Shipment> underWay = ConcurrentHashMap.newKeySet(1);

	@Nullable Aggregate get(Slot slot) {
		return this.pending.get(slot);
	}

	Collection<Aggregate> pending() {
		return this.pending.values();
	}

	Collection<Shipment> underWay() {
		return this.underWay;
	}

	/**
	 * Count the sums that would have to be begun to take usage in.
	 */
	int missing(Map<Slot, Long> usage) {
		int missing = 0;
		for (Map.Entry<Slot, Long> part : usage.entrySet()) {
			Aggregate aggregate = get(part.getKey());
			missing += (aggregate != null && aggregate.takes(part.getValue())) ? 0 : 1;
		}
		return missing;
	}

	/**
	 * Begin a sum, in place of one that takes no more.
	 */
	void begin(Aggregate aggregate) {
		Aggregate full = this.pending.put(aggregate.slot(), aggregate);
		if (full != null) {
			putAside(full);
		}
	}

	/**
	 * Take an aggregate back that was not sent. It is not added to one that took its
	 * place, as the spool knows both.
	 */
	void putBack(Aggregate aggregate) {
		Aggregate present = this.pending.putIfAbsent(aggregate.slot(), aggregate);
		if (present != null && present != aggregate) {
			putAside(aggregate);
		}
	}

	private void putAside(Aggregate aggregate) {
		aggregate.moveTo(aggregate.slot().ofGeneration(aggregate.id()));
		this.pending.put(aggregate.slot(), aggregate);
	}

	void remove(Aggregate aggregate) {
		this.pending.remove(aggregate.slot(), aggregate);
	}

	boolean isEmpty() {
		return this.pending.isEmpty() && this.underWay.isEmpty();
	}

}

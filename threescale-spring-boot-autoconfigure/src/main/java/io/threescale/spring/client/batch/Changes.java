package io.threescale.spring.client.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Which aggregates differ from the spool.
 */
final class Changes {

	private final Queue<Aggregate> dirty = new ConcurrentLinkedQueue<>();

	private final boolean wanted;

	Changes(boolean wanted) {
		this.wanted = wanted;
	}

	void add(Aggregate aggregate) {
		if (this.wanted && aggregate.soil()) {
			this.dirty.add(aggregate);
		}
	}

	/**
	 * Add what was taken from here but could not be written.
	 */
	void addAgain(Aggregate aggregate) {
		if (this.wanted) {
			aggregate.soil();
			this.dirty.add(aggregate);
		}
	}

	List<Aggregate> take() {
		List<Aggregate> taken = new ArrayList<>();
		Aggregate next = this.dirty.poll();
		while (next != null) {
			taken.add(next);
			next = this.dirty.poll();
		}
		return taken;
	}

}

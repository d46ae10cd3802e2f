package io.threescale.spring.client.reporting;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.threescale.spring.Usage;
import io.threescale.spring.client.reporting.ApplicationUsage.Visitor;
import io.threescale.spring.client.reporting.Counter.Key;
import org.jspecify.annotations.Nullable;

/**
 * What an application has used and 3scale has not accepted: counters that are pending, or
 * being sent. Guarded by the monitor of the {@link ApplicationUsage}.
 */
final class OpenUsage {

	private final UsageBook book;

	private final ApplicationUsage owner;

	private final List<Counter> counters = new ArrayList<>(1);

	/** The pending counters that take more. */
	private final Map<Key, Counter> growing = new HashMap<>(2);

	OpenUsage(UsageBook book, ApplicationUsage owner) {
		this.book = book;
		this.owner = owner;
	}

	/**
	 * Take usage, all of it or nothing. A response code goes with the first metric alone,
	 * as 3scale counts it once a transaction.
	 */
	boolean add(Usage usage, Instant time, @Nullable Integer responseCode, boolean flatUsage) {
		boolean codesApart = this.book.keepsCodesApart();
		int missing = 0;
		Integer code = responseCode;
		for (Map.Entry<String, Long> part : usage.increments().entrySet()) {
			missing += hasCounter(Key.of(part.getKey(), time, code, flatUsage), part.getValue(), codesApart) ? 0 : 1;
			code = null;
		}
		boolean known = missing == 0 || this.book.isKnown(this.owner.hash());
		if (!this.book.acquire(missing, known)) {
			return false;
		}
		code = responseCode;
		for (Map.Entry<String, Long> part : usage.increments().entrySet()) {
			add(Key.of(part.getKey(), time, code, flatUsage), part.getValue(), known, codesApart);
			code = null;
		}
		return true;
	}

	private boolean hasCounter(Key key, long units, boolean codesApart) {
		Counter counter = this.growing.get(key);
		return (counter != null) ? counter.takes(units, codesApart) : key.countsNothing(units);
	}

	private void add(Key key, long units, boolean known, boolean codesApart) {
		if (key.countsNothing(units)) {
			return;
		}
		Counter counter = this.growing.get(key);
		if (counter == null || !counter.takes(units, codesApart)) {
			counter = this.book.newCounter(this.owner, key, known);
			begin(counter);
		}
		counter.add(units);
		this.book.added(counter, units);
		this.owner.tell(counter, units);
	}

	private void begin(Counter counter) {
		this.counters.add(counter);
		this.growing.put(counter.key(), counter);
	}

	/**
	 * Take a counter that an earlier process has left.
	 */
	void restore(Counter counter) {
		begin(counter);
		this.owner.tell(counter, counter.units());
	}

	void stopGrowing(Counter counter) {
		this.growing.remove(counter.key(), counter);
	}

	/**
	 * Return the counter that takes more in place of a pending one, or have that one do
	 * so.
	 */
	Counter growing(Counter counter) {
		Counter present = this.growing.putIfAbsent(counter.key(), counter);
		return (present != null && present.takes(counter.units(), this.book.keepsCodesApart())) ? present : counter;
	}

	void remove(Counter counter) {
		stopGrowing(counter);
		this.counters.remove(counter);
		this.book.release(counter);
	}

	void forEach(Consumer<Counter> visitor) {
		this.counters.forEach(visitor);
	}

	void forEachUnit(Visitor visitor) {
		forEach((counter) -> visitor.visit(counter.key().metric(), counter.key().minute(), counter.units()));
	}

	boolean isEmpty() {
		return this.counters.isEmpty();
	}

}

package io.threescale.spring.client.reporting;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.threescale.spring.client.reporting.spool.SpooledUsage;
import io.threescale.spring.client.reporting.spool.UsageSpool;

/**
 * A spool that outlives a client in the same process.
 */
public final class MemorySpool implements UsageSpool {

	private final Map<Long, SpooledUsage> usage = new TreeMap<>();

	/**
	 * Return what the next process finds if this one dies now.
	 */
	public synchronized MemorySpool copy() {
		MemorySpool copy = new MemorySpool();
		copy.usage.putAll(this.usage);
		return copy;
	}

	@Override
	public boolean isDurable() {
		return true;
	}

	@Override
	public synchronized List<SpooledUsage> load() {
		return List.copyOf(this.usage.values());
	}

	@Override
	public synchronized long lastId() {
		return this.usage.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
	}

	@Override
	public synchronized void write(Collection<SpooledUsage> changed, Collection<Long> removed) {
		changed.forEach((spooled) -> this.usage.put(spooled.id(), spooled));
		removed.forEach(this.usage::remove);
	}

	@Override
	public void close() {
	}

}

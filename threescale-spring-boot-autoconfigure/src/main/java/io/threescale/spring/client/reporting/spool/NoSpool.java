package io.threescale.spring.client.reporting.spool;

import java.util.Collection;
import java.util.List;

/**
 * Stands in where nobody asked for a spool.
 */
enum NoSpool implements UsageSpool {

	INSTANCE;

	@Override
	public boolean isDurable() {
		return false;
	}

	@Override
	public List<SpooledUsage> load() {
		return List.of();
	}

	@Override
	public long lastId() {
		return 0;
	}

	@Override
	public void write(Collection<SpooledUsage> changed, Collection<Long> removed) {
	}

	@Override
	public void close() {
	}

}

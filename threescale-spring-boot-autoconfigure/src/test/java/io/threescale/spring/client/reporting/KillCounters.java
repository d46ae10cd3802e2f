package io.threescale.spring.client.reporting;

import java.io.IOException;
import java.nio.file.Path;

import io.threescale.spring.fixture.SharedCounters;

/**
 * What a process and its killer count together.
 */
final class KillCounters {

	private final SharedCounters counters;

	KillCounters(Path file) throws IOException {
		this.counters = new SharedCounters(file, Counter.values().length);
	}

	void add(Counter counter, long amount) {
		this.counters.add(counter.ordinal(), amount);
	}

	long get(Counter counter) {
		return this.counters.get(counter.ordinal());
	}

	enum Counter {

		/** Units handed to the client. */
		STARTED,

		/** Units the client has taken. */
		ACKNOWLEDGED,

		/** Units of ambiguous sends, of failures and of restarts. */
		AMBIGUOUS,

		/** Set when the process takes calls. */
		RUNNING,

		/** Units found in the spool, to be reported. */
		INHERITED

	}

}

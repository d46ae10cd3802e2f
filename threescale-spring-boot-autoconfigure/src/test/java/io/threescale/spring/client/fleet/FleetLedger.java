package io.threescale.spring.client.fleet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import io.threescale.spring.fixture.CountingBackend;
import io.threescale.spring.fixture.SharedCounters;

/**
 * What a process has used, each application for a moment, in a file that survives it. So
 * what was counted twice is seen, even if as much was lost elsewhere.
 */
final class FleetLedger {

	private static final int AMBIGUOUS = 0;

	private static final int APPLICATIONS = 2000;

	private final String name;

	private final SharedCounters counters;

	FleetLedger(Path file) throws IOException {
		this.name = file.getFileName().toString();
		this.counters = new SharedCounters(file, 1 + APPLICATIONS);
	}

	String userKey(int application) {
		return this.name + "-" + application;
	}

	/**
	 * Note that a unit is about to be used.
	 */
	void taken(int application) {
		this.counters.add(1 + application, 1);
	}

	/**
	 * Note how many units are ambiguous by now.
	 */
	void ambiguous(long units) {
		this.counters.add(AMBIGUOUS, units - ambiguous());
	}

	long ambiguous() {
		return this.counters.get(AMBIGUOUS);
	}

	long taken() {
		long taken = 0;
		for (int application = 0; application < APPLICATIONS; application++) {
			taken += this.counters.get(1 + application);
		}
		return taken;
	}

	/**
	 * Compare with what was counted.
	 * @return the applications of which more or less was used, and how much more
	 */
	Map<String, Long> uncounted(CountingBackend backend) {
		Map<String, Long> uncounted = new TreeMap<>();
		for (int application = 0; application < APPLICATIONS; application++) {
			String userKey = userKey(application);
			uncounted.put(userKey, this.counters.get(1 + application) - backend.units(userKey));
		}
		uncounted.values().removeIf((units) -> units == 0);
		return uncounted;
	}

	@Override
	public String toString() {
		return this.name;
	}

}
